import { inBody, type VendorFlow } from '../../flow.ts'

export const flow: VendorFlow = {
  authorizeUrl: (site) => `https://${site.authorityHost}/admin/oauth/authorize`,
  // One to write includes reading.
  scopes: ({ scopes }) =>
    scopes.filter((scope) => !scopes.includes(scope.replace(/^read_/, 'write_')) || scope.startsWith('write_')),
  scopeSeparator: ',',
  token: (site, standard, client) => ({
    url: `https://${site.authorityHost}/admin/oauth/access_token`,
    json: { ...standard, ...inBody(client), expiring: '1' },
  }),
}
