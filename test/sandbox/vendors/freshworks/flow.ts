import type { VendorFlow } from '../../flow.ts'

/** The organisation's sign-in, the same for every product of Freshworks. */
export const flow: VendorFlow = {
  authorizeUrl: (site) => `https://${site.authorityHost}/org/oauth/v2/authorize`,
  scopes: (client) => client.scopes,
  token: (site, standard, { clientId, clientSecret }) => ({
    url: `https://${site.authorityHost}/org/oauth/v2/token`,
    form: standard,
    basic: `${clientId}:${clientSecret}`,
  }),
}
