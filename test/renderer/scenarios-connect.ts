import type { AccountView, BrandView, DoctorRun, HandshakeView, VendorView } from '../../preload/contract.ts'
import type { ErrorCode, ErrorShape } from '../../preload/errors.ts'
import { blankForm } from '../../renderer/state/connect-form.ts'
import type { Workspace } from '../../renderer/workspace.tsx'
import type { FakeBridge } from './fake-bridge.ts'
import { fakeEnded, fakeRun } from './fake-doctor.ts'

type Scenario = (fake: FakeBridge, workspace: Workspace) => void

const minute = 60_000
const site = 'juniper-goods.zendesk.com'

/** A handshake of a believable new account, a quarter of a minute old. */
function fakeHandshake(change: Partial<HandshakeView>): HandshakeView {
  const now = Date.now()
  return {
    attemptId: 'attempt-1',
    vendor: 'zendesk',
    siteLabel: site,
    way: 'auth-window',
    step: 'waiting',
    accountId: null,
    error: null,
    device: null,
    next: null,
    startedAt: now - 15_000,
    expiresAt: now + 9.75 * minute,
    ...change,
  }
}

/** The sentences main sends for failed sign-ins, as the screens get them. */
const signInErrors: Partial<Record<ErrorCode, ErrorShape>> = Object.fromEntries(
  (
    [
      ['handshake_denied', 'Access was refused on the consent page of Zendesk.', 'Try again and choose "Allow".'],
      ['handshake_cancelled', 'You cancelled the sign-in.', null],
      ['handshake_closed', 'The sign-in window was closed before access was allowed.', null],
      [
        'handshake_expired',
        'Nobody signed in within 10 minutes, so the sign-in was ended.',
        'Start it again when you are ready.',
      ],
      [
        'handshake_state_mismatch',
        'An answer came back that this sign-in did not ask for.',
        'Try again. If it happens again, tell your administrator.',
      ],
      ['handshake_replayed', 'The same answer came back a second time.', 'Try again with a fresh sign-in.'],
      [
        'handshake_issuer_mismatch',
        'The answer names another server than the one you wanted to sign in at.',
        'Check the site and try again.',
      ],
      [
        'handshake_other_user',
        'Tom Okafor signed in, but this account belongs to Mara Lindqvist.',
        'Sign in as Mara Lindqvist, or connect Tom Okafor as an account of its own.',
      ],
      [
        'handshake_already_connected',
        'Mara Lindqvist at juniper-goods.zendesk.com is connected already.',
        'To renew its access, use Reconnect.',
      ],
      [
        'handshake_browser_failed',
        'No browser could be opened on this computer.',
        'Use a sign-in window, or set a default browser.',
      ],
      [
        'token_rejected',
        'Zendesk did not accept the answer of the sign-in.',
        'Try again. A code works for two minutes only.',
      ],
      [
        'client_rejected',
        'Zendesk does not know this client ID, or the secret does not fit.',
        'Compare both with the registration at Zendesk.',
      ],
      ['offline', 'This computer is offline.', 'Try again once it is online.'],
      [
        'vendor_unreachable',
        'juniper-goods.zendesk.com could not be reached.',
        'Check the site, or try again in a minute.',
      ],
    ] as const
  ).map(([code, message, action]) => [
    code,
    { code, message, action, detail: `POST https://${site}/oauth/tokens\nHTTP 401 {"error":"${code}"}` },
  ]),
)

/** Shows a sign-in in the wizard; `withForm` keeps what was typed, as after a real attempt. */
function showing(change: Partial<HandshakeView>, withForm = true): Scenario {
  return ({ data }, { app, connect }) => {
    const vendor = data.vendors[0]
    data.handshakes = [fakeHandshake(change)]
    connect.getState().showAttempt('attempt-1')
    if (withForm && vendor !== undefined)
      connect.setState({ drafts: { 'attempt-1': { vendor, form: blankForm(vendor) } } })
    app.getState().show('connect')
  }
}

/** The form of a vendor, with what a person has typed so far. */
function typing(vendorId: string, change: (vendor: VendorView) => object): Scenario {
  return ({ data }, { app, connect }) => {
    const vendor = data.vendors.find(({ id }) => id === vendorId)
    if (vendor === undefined) return
    connect.getState().chooseVendor(vendor)
    connect.setState(({ step }) => (step.name === 'client' ? { step: { ...step, ...change(vendor) } } : {}))
    app.getState().show('connect')
  }
}

const checked = (siteLabel: string) => ({ site: { subdomain: siteLabel.split('.')[0] ?? '' }, siteLabel })

function newAccount(data: FakeBridge['data'], change: Partial<AccountView> = {}): AccountView | undefined {
  const first = data.accounts[0]
  if (first === undefined) return undefined
  const sync = { ...first.sync, phase: 'first-fill' as const, conversations: 412, total: 1830 }
  const account: AccountView = {
    ...first,
    id: 'account-new',
    siteLabel: site,
    user: { name: 'Mara Lindqvist', email: 'mara@juniper-goods.example', role: 'Agent', vendorUserId: '88' },
    brandId: null,
    lastSyncAt: null,
    sync,
    ...change,
  }
  data.accounts = [...data.accounts, account]
  return account
}

const connected =
  (change: (data: FakeBridge['data']) => void = () => undefined): Scenario =>
  (fake, workspace) => {
    change(fake.data)
    newAccount(fake.data)
    showing({ step: 'done', accountId: 'account-new' }, false)(fake, workspace)
  }

const accountsPage =
  (change: Scenario): Scenario =>
  (fake, workspace) => {
    change(fake, workspace)
    workspace.app.getState().show('accounts')
  }

/** Every kind of state an account can be in, on one page. */
const mixed: Scenario = ({ data }) => {
  const now = Date.now()
  const changes: Partial<AccountView>[] = [
    { accessExpiresAt: now + 24 * minute, refreshExpiresAt: now + 29 * 24 * 60 * minute, lastSyncAt: now - 20_000 },
    {
      state: 'needs_sign_in',
      trouble: {
        code: 'needs_sign_in',
        message: 'Zendesk asks you to sign in again. Not current since 14 Nov, 09:12.',
        action: 'Reconnect. Everything cached stays readable until then.',
        detail: 'invalid_grant: the refresh token is not active',
      },
    },
    {
      state: 'paused',
      vendorBrands: [
        { key: '1', name: 'Hauswerk Deutschland', brandId: null },
        { key: '2', name: 'Pixel', brandId: data.brands[3]?.id ?? null },
      ],
    },
  ]
  data.accounts = data.accounts.map((account, index) => ({ ...account, ...changes[index] }))
  const failing = data.accounts[3]
  if (failing !== undefined) {
    failing.sync = { ...failing.sync, phase: 'waiting', waitUntil: now + 4 * minute }
    failing.scopes = failing.scopes.map((scope, index) => (index === 1 ? { ...scope, granted: false } : scope))
  }
  newAccount(data)
  data.handshakes = [
    fakeHandshake({ attemptId: 'attempt-2', siteLabel: 'halden.freshservice.com', vendor: 'freshservice' }),
    fakeHandshake({ attemptId: 'attempt-3', step: 'failed', error: signInErrors.client_rejected ?? null }),
  ]
}

const many: Scenario = ({ data }) => {
  const [model, brand] = [data.accounts[0], data.brands[0]]
  if (model === undefined || brand === undefined) return
  const colors = ['#4f46e5', '#0f766e', '#c2410c', '#be185d', '#0369a1', '#56750b', '#7c3aed', '#d1242f']
  data.brands = Array.from(
    { length: 40 },
    (_, index): BrandView => ({
      ...brand,
      id: `brand-${index}`,
      name: index === 3 ? 'Donaudampfschifffahrtsgesellschaft Kundenbetreuung' : `Brand number ${index + 1}`,
      monogram: String(index + 1),
      color: colors[index % colors.length] ?? '#4f46e5',
      position: index,
    }),
  )
  data.accounts = Array.from(
    { length: 200 },
    (_, index): AccountView => ({
      ...model,
      id: `account-${index}`,
      brandId: `brand-${index % 40}`,
      siteLabel: `site-${index + 1}.zendesk.com`,
      user: { ...model.user, email: `agent.with.a.long.name.${index}@a-very-long-company-name.example` },
      state: index % 23 === 5 ? 'paused' : 'connected',
    }),
  )
}

const outcomes = Object.fromEntries(
  Object.entries(signInErrors).map(([code, error]) => [
    `outcome-${code}`,
    showing(
      { step: 'failed', error, ...(code === 'handshake_other_user' && { accountId: 'a1' }) },
      code !== 'handshake_other_user',
    ),
  ]),
)

/** A connection test over the accounts page. */
const doctorAt = (run: Partial<DoctorRun>) =>
  accountsPage((fake, { doctor }) => {
    void doctor
      .getState()
      .test({ accountId: 'a1' })
      .then(() => fake.emit('doctor.changed', fakeRun(run)))
  })

/** Moments of connecting and of the accounts page worth looking at. */
export const connectScenarios: Record<string, Scenario> = {
  ...outcomes,
  'connect-loading': (fake, { app }) => {
    fake.hang('vendors.list')
    app.getState().show('connect')
  },
  'connect-form': typing('zendesk', () => ({})),
  'connect-problems': typing('zendesk', (vendor) => ({
    showProblems: true,
    form: { ...blankForm(vendor), site: { subdomain: 'my desk!' } },
    siteError: {
      code: 'site_invalid',
      message: 'A Zendesk site is the name before .zendesk.com: letters, digits and hyphens.',
      action: null,
      detail: null,
    },
  })),
  'connect-own': typing('zendesk', (vendor) => ({
    form: {
      ...blankForm(vendor),
      site: { subdomain: `https://${site}/agent` },
      checked: checked(site),
      clientId: 'manydesk_juniper',
      clientSecret: 'a-secret-that-is-typed',
    },
  })),
  'connect-provided': typing('zendesk', (vendor) => ({
    vendor: { ...vendor, providedClients: [site] },
    form: { ...blankForm(vendor), site: { subdomain: 'juniper-goods' }, checked: checked(site) },
  })),
  'connect-refused': typing('hubspot', (vendor) => ({
    form: { ...blankForm(vendor), clientId: 'x', clientSecret: 'y', checked: { site: {}, siteLabel: 'HubSpot' } },
    sendError: {
      code: 'keyring_locked',
      message: 'Your keyring is locked.',
      action: 'Unlock it and connect again.',
      detail: 'safeStorage: temporarily unavailable',
    },
  })),
  'waiting-window': showing({}),
  'waiting-browser': showing({ way: 'system-browser' }),
  'waiting-device': showing({
    way: 'device',
    device: {
      userCode: 'WDJB-MJHT',
      url: 'https://juniper-goods.zendesk.com/device',
      completeUrl: 'https://juniper-goods.zendesk.com/device?user_code=WDJB-MJHT',
    },
  }),
  verifying: showing({ step: 'verifying' }),
  'connected-first': connected((data) => Object.assign(data, { accounts: data.accounts.slice(0, 1), brands: [] })),
  'connected-more': connected(),
  'key-refused': showing({
    way: 'key',
    step: 'failed',
    error: {
      code: 'needs_sign_in',
      message: 'Freshdesk did not accept this API key.',
      action: 'Profile settings, View API key.',
      detail: 'HTTP 401',
    },
  }),
  connectors: ({ data }, { app }) => {
    const [account] = data.accounts
    if (account !== undefined) account.vendor = 'parcel-desk'
    app.getState().show('accounts', 'connectors')
  },
  'connector-faults': (fake, { app, connectors }) => {
    const [account] = fake.data.accounts
    if (account !== undefined) account.vendor = 'parcel-desk'
    app.getState().show('accounts', 'connectors')
    const stop = connectors.subscribe(({ connectors: [, own], editing }) => {
      if (own === undefined || editing?.checked === false) return
      if (editing === null) return connectors.getState().edit(own)
      stop()
      connectors.getState().write(editing.text.slice(0, -1))
    })
  },
  reconnected: showing({ step: 'done', accountId: 'a1' }, false),
  'change-brand': (_fake, { app, connect }) => {
    connect.getState().nameBrand('a1')
    app.getState().show('connect')
  },
  dock: ({ data }) => {
    newAccount(data)
    data.handshakes = [
      fakeHandshake({ attemptId: 'attempt-2', siteLabel: 'halden.freshservice.com', vendor: 'freshservice' }),
      fakeHandshake({ attemptId: 'attempt-3', step: 'failed', error: signInErrors.handshake_denied ?? null }),
      fakeHandshake({ attemptId: 'attempt-4', step: 'done', accountId: 'account-new' }),
    ]
  },
  'doctor-running': doctorAt({
    steps: fakeEnded().steps.slice(0, 1),
    current: 'tls',
  }),
  'doctor-found': doctorAt(fakeEnded()),
  'doctor-well': doctorAt({
    ...fakeEnded(),
    steps: fakeEnded().steps.slice(0, 1),
    diagnosis: { cause: null, sentence: 'The connection to northwind.zendesk.com works.', remedy: null },
  }),
  'accounts-mixed': accountsPage(mixed),
  'accounts-many': accountsPage(many),
  'accounts-empty': accountsPage(({ data }) => Object.assign(data, { accounts: [], brands: [] })),
  'accounts-loading': accountsPage((fake) => fake.hang('accounts.list')),
  'accounts-failed': accountsPage((fake) =>
    fake.fail('accounts.list', {
      code: 'settings_damaged',
      message: 'The list of accounts could not be read.',
      action: 'Nothing was changed. Try again; if it stays, restart Manydesk.',
      detail: 'accounts.json: Unexpected end of JSON input',
    }),
  ),
  'accounts-removed': accountsPage((_fake, { accounts }) =>
    accounts.setState({
      removed: (['revoked', 'not_reached', 'not_offered'] as const).map((revoked, index) => ({
        accountId: `gone-${index}`,
        siteLabel: ['old-shop.zendesk.com', 'halden.freshservice.com', 'HubSpot 62515'][index] ?? '',
        vendorName: ['Zendesk', 'Freshservice', 'HubSpot'][index] ?? '',
        userName: 'Mara Lindqvist',
        revoked,
      })),
    }),
  ),
}
