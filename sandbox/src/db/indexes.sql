-- Indexes that no constraint brings along. Made after the tables are filled, which is much faster
-- than keeping them in order row by row.

CREATE INDEX person_by_last_name  ON person (last_name, first_name);
CREATE INDEX person_by_first_name ON person (first_name, last_name);
CREATE INDEX close_role_by_permission ON close_role_permission (permission);
CREATE INDEX close_phone_number_by_user ON close_phone_number (user_id, id, number);
CREATE INDEX close_membership_by_role ON close_membership (role_id, active);
CREATE INDEX close_email_account_by_user ON close_email_account (user_id);
CREATE INDEX close_saved_view_by_group ON close_saved_view_group (group_id);
