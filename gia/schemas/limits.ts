/** What is at most taken; the same numbers are in the schemas, and `GET /gia/v1` tells them. */
export const limits = {
  /** One ciphertext, before base64url. */
  payloadBytes: 256 * 1024,
  /** A whole JSON body. What is larger is refused before it is read. */
  bodyBytes: 1024 * 1024,
  /** How deep arrays and objects of a body may lie in one another. */
  bodyDepth: 12,
  payloadsPerMessage: 64,
  devicesPerUser: 32,
  keyPackagesPerUpload: 100,
  keyPackageBytes: 8 * 1024,
  claimTargets: 32,
  lookups: 50,
  mediaBytes: 512 * 1024 * 1024,
  /** One piece of an upload. */
  mediaPieceBytes: 8 * 1024 * 1024,
  requestTokenS: 300,
  userTokenS: 600,
  clockLeewayS: 120,
  idempotencyDays: 7,
  queueDays: 30,
  ephemeralTtlMs: 30_000,
  heartbeatMs: 15_000,
  keysLow: 10,
  providerDueMonths: 3,
} as const;
