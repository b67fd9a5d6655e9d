/**
 * The words both sides share when something went wrong. `code` is stable and safe to compare, `message` is a sentence
 * for the agent, `action` says what to do next, `detail` is technical, redacted and may be copied into a report.
 */
export const errorCodes = [
  // The call itself
  'bad_request',
  'forbidden_sender',
  'internal',
  'not_found',
  'not_supported',
  // The network and the vendor
  'offline',
  'timeout',
  'vendor_unreachable',
  'vendor_bad_answer',
  'vendor_rejected',
  'vendor_forbidden',
  'vendor_not_found',
  'vendor_conflict',
  'vendor_failed',
  'rate_limited',
  // Signing in
  'site_invalid',
  'client_missing',
  'handshake_denied',
  'handshake_cancelled',
  'handshake_closed',
  'handshake_expired',
  'handshake_state_mismatch',
  'handshake_replayed',
  'handshake_issuer_mismatch',
  'handshake_other_user',
  'handshake_other_site',
  'handshake_scope_missing',
  'handshake_already_connected',
  'handshake_browser_failed',
  'handshake_not_registered',
  'handshake_port_blocked',
  'handshake_window_refused',
  'token_rejected',
  'token_reused',
  'client_rejected',
  'needs_sign_in',
  'account_paused',
  'policy_forbids',
  'policy_broken',
  // Keys and files
  'keyring_unavailable',
  'keyring_locked',
  'keyring_weak',
  'secret_damaged',
  'locked',
  'passphrase_wrong',
  'settings_damaged',
  'store_unavailable',
  'store_damaged',
  'store_newer',
  'store_full',
  'file_failed',
] as const

export type ErrorCode = (typeof errorCodes)[number]

export interface ErrorShape {
  code: ErrorCode
  message: string
  action: string | null
  detail: string | null
}
