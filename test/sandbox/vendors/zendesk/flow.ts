import { inBody, type VendorFlow } from '../../flow.ts'

export const flow: VendorFlow = {
  authorizeUrl: (site) => `https://${site.authorityHost}/oauth/authorizations/new`,
  scopes: () => ['read', 'write'],
  token: (site, standard, client) => ({
    url: `https://${site.host}/oauth/tokens`,
    json: { ...standard, ...inBody(client) },
  }),
}
