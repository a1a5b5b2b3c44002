-- Indexes that no constraint brings along. Made after the tables are filled, which is much faster
-- than keeping them in order row by row.

CREATE INDEX person_by_last_name  ON person (last_name, first_name);
CREATE INDEX person_by_first_name ON person (first_name, last_name);
CREATE INDEX close_role_by_permission ON close_role_permission (permission);
CREATE INDEX close_phone_number_by_user ON close_phone_number (user_id, id, number);
CREATE INDEX close_membership_by_role ON close_membership (role_id, active);
CREATE INDEX close_email_account_by_user ON close_email_account (user_id);
CREATE INDEX close_saved_view_by_group ON close_saved_view_group (group_id);

CREATE UNIQUE INDEX genesys_user_by_id ON genesys_user (id);
CREATE INDEX genesys_user_by_name ON genesys_user (name, id, state);
CREATE INDEX genesys_group_by_name ON genesys_group (name, id);
CREATE INDEX genesys_group_owner_by_person ON genesys_group_owner (person_id, group_number);
CREATE INDEX genesys_group_member_by_person ON genesys_group_member (person_id);
CREATE INDEX genesys_dynamic_member_by_person ON genesys_dynamic_member (person_id);
CREATE INDEX genesys_change_by_due ON genesys_change (due);
