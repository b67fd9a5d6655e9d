import type { HandshakeView, VendorView } from '../../../../preload/contract.ts'

/** A vendor that exists nowhere, so that no test leans on knowledge of a real one. */
export function fakeVendor(change: Partial<VendorView> = {}): VendorView {
  return {
    id: 'desk',
    name: 'Desk',
    description: 'Tickets of people who write',
    siteFields: [
      {
        key: 'subdomain',
        label: 'Site',
        placeholder: 'acme',
        help: 'The name before .desk.example',
        options: null,
        optional: false,
      },
    ],
    scopes: [{ id: 'tickets:read', reason: 'Read tickets', optional: false }],
    ways: ['auth-window', 'system-browser'],
    redirects: [
      { kind: 'handover', url: 'https://hand.over.example/callback' },
      { kind: 'app', url: 'app.manydesk://oauth/callback' },
    ],
    secretRequired: true,
    registration: { url: 'https://desk.example/clients', steps: ['Open the admin page', 'Paste the redirect URL'] },
    commands: ['reply'],
    providedClients: [],
    key: null,
    forbidden: null,
    ...change,
  }
}

export function fakeHandshake(change: Partial<HandshakeView> = {}): HandshakeView {
  return {
    attemptId: 'attempt-1',
    vendor: 'desk',
    siteLabel: 'acme.desk.example',
    way: 'auth-window',
    step: 'waiting',
    accountId: null,
    error: null,
    device: null,
    next: null,
    startedAt: 1_000,
    expiresAt: 601_000,
    ...change,
  }
}
