import type { SiteSpec } from '../../content/site.ts'

/** One provider's gateway with two brands. */
export const gatewayHost = 'messages.talkbridge.example'
/** Where the files of customers lie. */
export const fileHost = 'p01-mmcs.icloud-content.com'

interface Provider {
  mspId: string
  /** Base64, as Apple hands it out. */
  secret: string
  /** The e-mail address that stands for it in the sandbox's directory. */
  email: string
  writes: boolean
}

export const providers: Provider[] = [
  {
    mspId: 'msp-talkbridge-4471',
    secret: Buffer.from('sandbox-apple-shared-secret-0001').toString('base64'),
    email: 'desk@talkbridge.example',
    writes: true,
  },
  {
    mspId: 'msp-talkbridge-readonly',
    secret: Buffer.from('sandbox-apple-reading-secret-002').toString('base64'),
    email: 'reading@talkbridge.example',
    writes: false,
  },
]

const common = {
  vendor: 'apple-messages',
  host: gatewayHost,
  authorityHost: gatewayHost,
  share: 1,
  groups: [{ name: 'Messages', members: [0] }],
  statuses: [
    { id: 'open', label: 'Waiting for an answer', kind: 'open' },
    { id: 'pending', label: 'Answered', kind: 'pending' },
    { id: 'closed', label: 'Ended by the customer', kind: 'solved' },
  ],
  tags: [],
} satisfies Partial<SiteSpec>

const staff = (name: string): SiteSpec['staff'] => [
  { name, email: providers[0]?.email ?? '', password: 'no-password-only-a-key-1', role: 'agent' },
  { name: 'Reading only', email: providers[1]?.email ?? '', password: 'no-password-only-a-key-2', role: 'light' },
]

export const appleSites: SiteSpec[] = [
  {
    ...common,
    id: 'urn:biz:7c1f0a52-3b64-4e8d-9a27-5d1e8b40c901',
    name: 'Lumen Travel on Messages',
    supportEmail: 'messages@lumen-travel.example',
    languages: { en: 4, fr: 2, ar: 1 },
    business: ['booking', 'refund'],
    staff: staff('Lumen desk'),
    brands: ['Lumen Travel'],
  },
  {
    ...common,
    id: 'urn:biz:e4d93b18-60af-4c72-b5f1-08a7c2964d32',
    name: 'Acme Gear on Messages',
    supportEmail: 'messages@acme-gear.example',
    languages: { en: 3, de: 3 },
    business: ['parcel', 'defect'],
    staff: staff('Acme desk'),
    brands: ['Acme Gear'],
  },
]
