import { AppError } from '../../errors.ts'
import type { KeySignIn, Site } from '../connector.ts'
import { readSubdomain } from '../site-field.ts'

export const host = ({ subdomain }: Site): string => `${subdomain}.freshdesk.com`

/** Characters of a key. The length is not documented: this only keeps out what surely is none (a sentence, an address). */
const keyForm = /^[A-Za-z0-9_-]{10,128}$/

/** People copy the key alone, or as `key:X` out of an example of the vendor's. */
function normalise(text: string): string {
  const key = text.trim().replace(/:x?$/i, '')
  if (keyForm.test(key)) return key
  throw new AppError('bad_request', 'This is not a Freshdesk API key.', {
    action: 'Copy the key from your Freshdesk profile settings: one word of letters and digits, without blanks.',
  })
}

/** Freshdesk documents no OAuth; its key acts with the rights of the agent it belongs to. https://developers.freshdesk.com/api/#authentication */
export const signIn: KeySignIn = {
  kind: 'key',
  fields: [
    {
      key: 'subdomain',
      label: 'Freshdesk address',
      placeholder: 'acme.freshdesk.com',
      help: 'The address in your browser when you work in Freshdesk. Not a custom domain: the API does not answer there.',
      normalise: (text) => readSubdomain(text, 'freshdesk.com', 'acme'),
    },
  ],
  siteLabel: host,
  label: 'API key',
  help: 'In Freshdesk: your picture at the top right, Profile settings, View API key.',
  note: 'An API key in place of a sign-in: Freshdesk has no OAuth. Whoever holds it acts as you until you reset it in Freshdesk. Manydesk keeps it encrypted on this computer.',
  normalise,
  registration: {
    url: 'https://developers.freshdesk.com/api/#authentication',
    steps: [
      'Open Freshdesk in your browser and sign in as yourself: the key acts with your rights.',
      'Press your picture at the top right, then Profile settings.',
      'Press View API key on the right and solve the captcha.',
      'Copy the key and paste it here. Where you see none, an administrator has to allow API access for you.',
    ],
  },
}

/** HTTP Basic with the key as user name; the password is any text. Keys are ASCII, see `keyForm`. */
export const authorize = (key: string): Record<string, string> => ({ authorization: `Basic ${btoa(`${key}:X`)}` })
