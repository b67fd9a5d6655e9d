import { AppError } from '../../errors.ts'
import type { OAuthSignIn, SiteField } from '../connector.ts'
import { credentialSteps, organisationField, organisationSignIn } from '../freshworks/organisation.ts'
import { readSubdomain } from '../site-field.ts'

function readViewName(text: string): string {
  const name = text.replace(/\s+/g, ' ').trim()
  if (name.length <= 100) return name
  throw new AppError('site_invalid', 'This is not the name of a saved view.', {
    action: 'Enter the name as it stands in the list of views in Freshsales, or leave the field empty.',
  })
}

const viewField = (key: string, label: string, placeholder: string, help: string): SiteField => ({
  key,
  label,
  placeholder,
  help,
  optional: true,
  normalise: readViewName,
})

/**
 * Names of permissions as two projects recorded them from the credential form. None is known for owners, pipelines and stages
 * (`/selector/…`): to confirm on a live account which of these covers them, and to be changed here only.
 * https://developers.freshworks.com/docs/app-sdk/v3.0/deal/oauth-implementation-in-apps/oauth-in-external-apps
 */
const scopes: OAuthSignIn['scopes'] = [
  { id: 'freshsales.deals.view', reason: 'Read deals and their notes', optional: false },
  {
    id: 'freshsales.deals.filters.view',
    reason: 'Find deals: Freshsales lists them through saved views',
    optional: false,
  },
  { id: 'freshsales.deals.edit', reason: 'Change stage, owner and tags of deals', optional: false },
  { id: 'freshsales.tasks.view', reason: 'Read tasks', optional: false },
  { id: 'freshsales.tasks.edit', reason: 'Complete tasks and hand them over', optional: false },
  { id: 'freshsales.notes.create', reason: 'Add notes', optional: false, enables: ['note'] },
  { id: 'freshsales.settings.fields.view', reason: 'Know the names of pipelines, stages and owners', optional: false },
  { id: 'freshsales.contacts.view', reason: 'Show names and addresses of customers', optional: true },
  { id: 'freshsales.contacts.filters.view', reason: 'Find the contacts of the view you name', optional: true },
  { id: 'freshsales.contacts.edit', reason: 'Change owner and tags of contacts', optional: true },
  { id: 'freshsales.sales_accounts.view', reason: 'Show the company of a deal', optional: true },
]

export const signIn: OAuthSignIn = {
  ...organisationSignIn,
  fields: [
    {
      key: 'subdomain',
      label: 'Freshsales address',
      placeholder: 'acme-sales.myfreshworks.com',
      help: 'The address in your browser when you work in Freshsales, in front of /crm/sales. It may differ from that of the organisation.',
      normalise: (text) => readSubdomain(text, 'myfreshworks.com', 'acme-sales'),
    },
    organisationField,
    viewField(
      'dealsView',
      'View of deals',
      'All Deals',
      'Name of the saved view whose deals come into the inbox. Empty: all deals.',
    ),
    viewField(
      'contactsView',
      'View of contacts',
      'Waiting for us',
      'Name of a saved view whose contacts come into the inbox, for as long as they are in it. Empty: none.',
    ),
  ],
  scopes,
  siteLabel: ({ subdomain }) => `${subdomain}.myfreshworks.com`,
  registration: credentialSteps('Freshsales'),
}
