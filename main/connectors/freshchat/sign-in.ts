import type { OAuthSignIn } from '../connector.ts'
import { credentialSteps, organisationField, organisationSignIn } from '../freshworks/organisation.ts'
import { readSubdomain } from '../site-field.ts'

/**
 * The names of Freshchat's permissions stand in no page we could read: these follow the pattern of the other products,
 * `product.resource.action`. To confirm in the credential form of the developer portal, and to be changed here only.
 * https://developers.freshworks.com/docs/app-sdk/v3.0/chat_user/advanced-interfaces/request-method/oauth-access-freshworks-resources
 */
const scopes: OAuthSignIn['scopes'] = [
  { id: 'freshchat.users.view', reason: 'See who writes: customers are how chats are found', optional: false },
  { id: 'freshchat.conversations.view', reason: 'Read chats and their messages', optional: false },
  {
    id: 'freshchat.conversations.create',
    reason: 'Send replies and add private notes',
    optional: false,
    enables: ['reply', 'note'],
  },
  {
    id: 'freshchat.conversations.edit',
    reason: 'Change status, assignee and priority',
    optional: false,
    enables: ['status', 'priority', 'assign'],
  },
  { id: 'freshchat.agents.view', reason: 'Know who you are and list the agents', optional: false },
  { id: 'freshchat.groups.view', reason: 'List the groups', optional: true },
  { id: 'freshchat.channels.view', reason: 'Tell topics apart, so that they can be different brands', optional: true },
]

export const signIn: OAuthSignIn = {
  ...organisationSignIn,
  fields: [
    {
      key: 'subdomain',
      label: 'Freshchat API address',
      placeholder: 'acme.freshchat.com',
      help: 'Shown in Freshchat under Admin, API settings. It ends in freshchat.com, also where the browser shows myfreshworks.com.',
      normalise: (text) => readSubdomain(text, 'freshchat.com', 'acme'),
    },
    organisationField,
  ],
  scopes,
  siteLabel: ({ subdomain }) => `${subdomain}.freshchat.com`,
  registration: credentialSteps('Freshchat'),
}
