/** Names how a document is sealed: HPKE (RFC 9180) in base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. */
export const SEALED_FORMAT = "throughline-sealed/1";
