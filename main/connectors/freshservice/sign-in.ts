import type { OAuthSignIn } from '../connector.ts'
import { credentialSteps, organisationField, organisationSignIn } from '../freshworks/organisation.ts'
import { readSubdomain } from '../site-field.ts'

/** A Freshservice site has its own host; the sign-in is that of the Freshworks organisation. */
export const signIn: OAuthSignIn = {
  ...organisationSignIn,
  fields: [
    {
      key: 'subdomain',
      label: 'Freshservice address',
      placeholder: 'acme-it.freshservice.com',
      help: 'The address in your browser when you work in Freshservice. Not a custom domain: the API does not answer there.',
      normalise: (text) => readSubdomain(text, 'freshservice.com', 'acme-it'),
    },
    organisationField,
  ],
  scopes: [
    { id: 'freshservice.tickets.view', reason: 'Read tickets', optional: false },
    {
      id: 'freshservice.tickets.conversations.view',
      reason: 'Read the replies and notes of a ticket',
      optional: false,
    },
    {
      id: 'freshservice.tickets.conversations.create',
      reason: 'Send replies and add notes',
      optional: false,
      enables: ['reply', 'note'],
    },
    {
      id: 'freshservice.tickets.edit',
      reason: 'Change status, priority, assignee and tags',
      optional: false,
      enables: ['status', 'priority', 'assign', 'tags'],
    },
    {
      id: 'freshservice.agents.manage',
      reason: 'Know who you are and list the agents (Freshworks has no read-only permission for it)',
      optional: false,
    },
    { id: 'freshservice.requesters.view', reason: 'Show names and addresses of customers', optional: true },
    { id: 'freshservice.agentgroups.manage', reason: 'List the groups', optional: true },
    { id: 'freshservice.tickets.fields.manage', reason: 'Show the names of your own statuses', optional: true },
    {
      id: 'freshservice.workspaces.view',
      reason: 'Tell workspaces apart, so that they can be different brands',
      optional: true,
    },
  ],
  siteLabel: ({ subdomain }) => `${subdomain}.freshservice.com`,
  registration: credentialSteps('Freshservice'),
}
