import { inBody, type VendorFlow } from '../../flow.ts'

const scopeOf = (scopes: string[]) => ['openid', 'offline_access', ...scopes]

export const flow: VendorFlow = {
  authorizeUrl: (site) => `https://${site.authorityHost}/organizations/oauth2/v2.0/authorize`,
  scopes: (client) => scopeOf(client.scopes),
  authorize: { prompt: 'select_account', response_mode: 'query' },
  token: (site, standard, client) => ({
    url: `https://${site.authorityHost}/organizations/oauth2/v2.0/token`,
    form: { ...standard, ...inBody(client) },
  }),
}
