// The error classes: real subclasses of Error, with the stack of the call.

// Names are given, not derived, so that they outlive minifiers.
export const { OrgdeckError } = {
  OrgdeckError: class extends Error {
    constructor(message, { cause, ...details } = {}) {
      super(message, cause === undefined ? undefined : { cause });
      Object.assign(this, details);
    }
  },
};
OrgdeckError.prototype.name = "OrgdeckError";

const classes = {};

function subclass(name) {
  const Subclass = { [name]: class extends OrgdeckError {} }[name];
  Subclass.prototype.name = name;
  return (classes[name] = Subclass);
}

export const ConfigError = subclass("ConfigError");
export const NetworkError = subclass("NetworkError");
export const TimeoutError = subclass("TimeoutError");
export const AuthenticationError = subclass("AuthenticationError");
export const PlanLimitError = subclass("PlanLimitError");
export const PermissionError = subclass("PermissionError");
export const NotFoundError = subclass("NotFoundError");
export const ConflictError = subclass("ConflictError");
export const ValidationError = subclass("ValidationError");
export const RateLimitError = subclass("RateLimitError");
export const ServerError = subclass("ServerError");
export const DecodeError = subclass("DecodeError");
export const InternalError = subclass("InternalError");

/** The error that Rust tells of: its parts in the order of `error.rs`. */
export function makeError(name, message, parts, cause) {
  // What a token function failed with may be one already, such as that of a session that could not be renewed.
  if (name === "AuthenticationError" && cause instanceof OrgdeckError) return cause;
  const [[code, vendor = null, sent, requestId, body, vendorCode, ...texts], [attempts, status, retryAfterMs, ...lengths]] = parts;
  const details = { code, vendor, attempts, sent, cause };
  const optional = { status, requestId, retryAfterMs, body, vendorCode };
  for (const key in optional) if (optional[key] !== undefined) details[key] = optional[key];
  const [fields, ...partial] = lengths;
  if (fields) details.fields = Object.fromEntries(Array.from({ length: fields }, () => texts.splice(0, 2)));
  const [done, failed, rest] = partial.map((length) => texts.splice(0, length));
  if (done) details.partial = { done, failed, rest };
  return new classes[name](message, details);
}

/** An error of no request. */
export const errorOf = (Class, code, message, sent = "no") => new Class(message, { code, vendor: null, attempts: 0, sent });

/** An argument or option is wrong. */
export const configError = (message) => errorOf(ConfigError, "config", message);

/** What a thrown value says, if it is an error; else its own text. */
export function reasonOf(thrown) {
  const said = thrown?.message ?? thrown;
  return typeof said === "string" ? said : "no reason given";
}
