import { inBody, type VendorFlow } from '../../flow.ts'
import { authHost, modifyScope, tokenHost } from './sites.ts'

export const flow: VendorFlow = {
  authorizeUrl: () => `https://${authHost}/o/oauth2/v2/auth`,
  scopes: () => ['openid', 'email', modifyScope],
  authorize: { access_type: 'offline', prompt: 'select_account consent' },
  token: (_site, standard, client) => ({ url: `https://${tokenHost}/token`, form: { ...standard, ...inBody(client) } }),
}
