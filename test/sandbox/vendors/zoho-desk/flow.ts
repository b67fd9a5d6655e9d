import { inBody, type VendorFlow } from '../../flow.ts'

export const flow: VendorFlow = {
  authorizeUrl: (site) => `https://${site.authorityHost}/oauth/v2/auth`,
  scopes: (client) => client.scopes,
  authorize: { access_type: 'offline', prompt: 'consent' },
  scopeSeparator: ',',
  token: (site, standard, client) => ({
    url: `https://${site.authorityHost}/oauth/v2/token`,
    form: { ...standard, ...inBody(client) },
  }),
}
