import type { CallArgs, CallResult, DescribedConnector, ManifestFault, TriedRequest } from '../../preload/contract.ts'

const text = `{
  "manifest": 1,
  "id": "autotimer",
  "name": "AutoTimer",
  "hosts": ["api.autotimer.example"]
}`

/** What custom connectors look like without a main process: real enough to draw every state of their screens. */
export function createFakeConnectors(data: { connectorUse: Record<string, string[]> }) {
  let connectors: DescribedConnector[] = [
    { id: 'autotimer', name: 'AutoTimer', origin: 'shipped', text, faults: [], accountIds: [] },
    {
      id: 'parcel-desk',
      name: 'Parcel Desk',
      origin: 'own',
      text: text.replace('autotimer"', 'parcel-desk"').replace('"AutoTimer"', '"Parcel Desk"'),
      faults: [],
      accountIds: [],
    },
  ]
  return {
    'connectors.list': () => connectors.map((one) => ({ ...one, accountIds: data.connectorUse[one.id] ?? [] })),
    'connectors.check': ({ text: written }: CallArgs<'connectors.check'>): CallResult<'connectors.check'> => {
      const faults = faultsOf(written)
      if (faults.length > 0) return { faults, summary: null }
      const { id, name } = JSON.parse(written) as { id: string; name: string }
      return {
        faults: [],
        summary: {
          id,
          name,
          hosts: ['api.autotimer.example'],
          scopes: [{ id: 'entries', reason: 'Read time entries' }],
          commands: ['note', 'status'],
          reads: [
            { request: 'entries', summary: 'Time entries that are missing or disputed', aboutOne: false },
            { request: 'entry', summary: 'One entry with its comments', aboutOne: true },
          ],
          newHosts: [],
        },
      }
    },
    'connectors.discover': ({ issuer }: CallArgs<'connectors.discover'>): CallResult<'connectors.discover'> => ({
      issuer,
      authorizeUrl: `${issuer}/authorize`,
      tokenUrl: `${issuer}/token`,
      revokeUrl: null,
      deviceUrl: null,
      pushed: true,
      bound: true,
      scopes: ['tickets.read'],
    }),
    'connectors.save': ({ text: written }: CallArgs<'connectors.save'>) => {
      const { id, name } = JSON.parse(written) as { id: string; name: string }
      const others = connectors.filter((one) => one.id !== id)
      connectors = [...others, { id, name, origin: 'own', text: written, faults: [], accountIds: [] }]
      return { id }
    },
    'connectors.remove': ({ id }: CallArgs<'connectors.remove'>) => {
      connectors = connectors.filter((one) => one.id !== id)
    },
    'connectors.try': (): TriedRequest => triedRequest,
    'connectors.importFreshworks': (): CallResult<'connectors.importFreshworks'> => ({
      manifests: [
        {
          integration: 'helpdesk_oauth',
          id: 'helpdesk-oauth',
          text,
          faults: [],
          report: {
            taken: ['Authorize and token address', '3 request templates'],
            needsAnswer: ['Which field of a ticket is its subject?'],
            notCarried: ['The serverless function onTicketCreate'],
          },
        },
      ],
      report: { taken: ['Platform 3.0'], needsAnswer: [], notCarried: [] },
    }),
  }
}

function faultsOf(written: string): ManifestFault[] {
  try {
    JSON.parse(written)
    return []
  } catch {
    return [{ line: 3, column: 1, path: '', message: 'A comma or a closing bracket is missing before this.' }]
  }
}

const triedRequest: TriedRequest = {
  method: 'GET',
  path: '/v1/entries',
  raw: JSON.stringify({ entries: [{ id: 71, title: 'Missing entry, 12 May', state: 'disputed' }] }, null, 2),
  truncated: false,
  fault: null,
  mapped: {
    conversations: [
      {
        vendorId: '71',
        subject: 'Missing entry, 12 May',
        preview: 'I was at the customer all afternoon.',
        status: 'open',
        vendorStatus: { id: 'disputed', label: 'Disputed' },
        priority: null,
        channel: 'web',
        customer: { vendorId: 'e9', name: 'Rana Haddad', email: 'rana@northwind.example', phone: null },
        assigneeVendorId: null,
        groupVendorId: null,
        tags: [],
        brandKey: null,
        createdAt: Date.UTC(2026, 4, 12, 16),
        updatedAt: Date.UTC(2026, 4, 13, 9),
        lastMessageBy: 'customer',
        dueAt: null,
        url: 'https://app.autotimer.example/entries/71',
        vendor: {},
      },
    ],
    messages: [],
    people: [],
    agents: [],
    groups: [],
    brands: [],
    removedVendorIds: [],
    quarantined: [{ vendorId: '72', path: 'entries[1].changed', reason: 'not a time' }],
  },
}
