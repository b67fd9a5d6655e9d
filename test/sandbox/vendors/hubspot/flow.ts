import { inBody, type VendorFlow } from '../../flow.ts'

export const flow: VendorFlow = {
  authorizeUrl: (site) => `https://${site.authorityHost}/oauth/authorize`,
  scopes: (client) => client.scopes,
  token: (_site, standard, client) => ({
    url: 'https://api.hubapi.com/oauth/2026-03/token',
    form: { ...standard, ...inBody(client) },
  }),
}
