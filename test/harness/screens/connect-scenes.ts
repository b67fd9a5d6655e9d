import type { Page } from 'playwright'
import type { PreviewScene } from './scene.ts'
import { dialog, heading, press, waiting, words } from './scene.ts'

const step = heading(/^Connect Zendesk/)
const chosen = (page: Page) => page.getByRole('listbox', { name: 'Helpdesks' })

/** The wizard, its ends, and connectors of one's own. */
export const connectScenes: PreviewScene[] = [
  { name: 'connect-grid', scenario: 'connect-kinds', sees: chosen },
  { name: 'connect-grid-loading', scenario: 'connect-loading', sees: waiting('Loading what can be connected') },
  { name: 'connect-grid-managed', scenario: 'policy-vendors', sees: chosen },
  { name: 'connect-site', scenario: 'connect-form', sees: step },
  { name: 'connect-site-faults', scenario: 'connect-problems', sees: step },
  { name: 'connect-own-client', scenario: 'connect-own', sees: step },
  { name: 'connect-ways', scenario: 'connect-own', sees: step, act: press(/How to sign in/) },
  { name: 'connect-provided-client', scenario: 'connect-provided', sees: step },
  { name: 'connect-managed-client', scenario: 'policy-client', sees: step },
  { name: 'connect-refused', scenario: 'connect-refused', sees: heading(/^Connect HubSpot/) },
  { name: 'sign-in-window-waiting', scenario: 'waiting-window', sees: heading(/^Sign in at/) },
  { name: 'sign-in-browser-waiting', scenario: 'waiting-browser', sees: heading(/^Sign in at/) },
  { name: 'sign-in-device-code', scenario: 'waiting-device', sees: words('WDJB-MJHT') },
  { name: 'sign-in-verifying', scenario: 'verifying', sees: heading(/^Sign in at/) },
  { name: 'sign-in-denied', scenario: 'outcome-handshake_denied', sees: heading('Access was not granted') },
  { name: 'sign-in-other-user', scenario: 'outcome-handshake_other_user', sees: heading('Another user signed in') },
  {
    name: 'sign-in-client-rejected',
    scenario: 'outcome-client_rejected',
    sees: heading('The OAuth client was not accepted'),
  },
  { name: 'sign-in-offline', scenario: 'outcome-offline', sees: heading('No network connection') },
  { name: 'sign-in-key-refused', scenario: 'key-refused', sees: heading(/key/) },
  { name: 'sign-in-again', scenario: 'reconnected', sees: heading('Signed in again') },
  { name: 'brand-first', scenario: 'connected-first', sees: heading(/Which brand/) },
  { name: 'brand-more', scenario: 'connected-more', sees: heading(/Which brand/) },
  { name: 'brand-change', scenario: 'change-brand', sees: heading(/Which brand/) },
  { name: 'connectors-list', scenario: 'connectors', sees: words('Parcel Desk') },
  { name: 'connectors-editor', scenario: 'connectors', sees: words('Parcel Desk'), act: press(/^Edit Parcel Desk/) },
  {
    name: 'connectors-editor-faults',
    scenario: 'connector-faults',
    sees: (page) => page.getByRole('button', { name: /^Line / }).first(),
  },
  { name: 'connectors-discover', scenario: 'connectors', sees: words('Parcel Desk'), act: discover },
  { name: 'connectors-import', scenario: 'connectors', sees: words('Parcel Desk'), act: press(/Freshworks/) },
]

async function discover(page: Page): Promise<void> {
  await press(/^Edit Parcel Desk/, /^Discover/)(page)
  await page.getByRole('textbox', { name: 'Issuer' }).fill('https://sign-in.parcel-desk.example')
  await dialog('Discover how to sign in')(page)
    .getByRole('button', { name: /^Ask|^Discover|^Look/ })
    .click()
  await page.getByText('https://sign-in.parcel-desk.example/authorize').first().waitFor()
}
