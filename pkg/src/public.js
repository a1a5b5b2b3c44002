// What both entry points export besides `init`.

export { Close, Genesys } from "./client.js";
export { Criteria, criteria } from "./criteria.js";
export { DirectoryTable } from "./table.js";
export { version } from "./version.js";
export {
  AuthenticationError,
  ConfigError,
  ConflictError,
  DecodeError,
  InternalError,
  NetworkError,
  NotFoundError,
  OrgdeckError,
  PermissionError,
  PlanLimitError,
  RateLimitError,
  ServerError,
  TimeoutError,
  ValidationError,
} from "./orgdeck.js";
