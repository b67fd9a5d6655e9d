import type { Workspace } from '../../renderer/workspace.tsx'
import type { FakeBridge } from './fake-bridge.ts'

type Scenario = (fake: FakeBridge, workspace: Workspace) => void

const word = 'Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung'
const subject = Array.from(
  { length: 30 },
  (_, at) => `${at + 1}. Ich warte seit ${at + 2} Tagen auf eine Antwort.`,
).join('\n')

/** Everything too long at once: names with emoji, a subject of thirty lines, German compound words, long addresses. */
export function stretch({ data }: FakeBridge): void {
  const first = data.threads.find(({ conversation }) => conversation.id === 'a1:50117')
  const [account] = data.accounts
  if (first === undefined || account === undefined) return
  Object.assign(first.conversation, {
    customerName: '👩🏽‍🚀 Zoë “Nordlicht” von und zu Hohenlohe-Schillingsfürst 🇩🇪🏳️‍🌈',
    customerEmail: `rueckfragen.${word.toLowerCase()}@kundenbetreuung.example`,
    subject,
    preview: `${word} `.repeat(4),
    vendorStatusLabel: 'Wartet auf Rückmeldung der Kundendienstabteilung',
    tags: [word, 'rücksendung', 'größenänderung', '🧵', 'a', 'b2b-großkundenbetreuung'],
    vendor: { Kundenbetreuungsgruppe: word, Zufriedenheitsbefragung: 'Nicht angeboten' },
  })
  account.siteLabel = 'kundenbetreuung-donaudampfschifffahrtsgesellschaft.zendesk.com'
  account.user = { ...account.user, name: `Jürgen 🐻 ${word}`, email: `${word.toLowerCase()}@northwind.example` }
  data.brands = data.brands.map((brand, at) => (at === 0 ? { ...brand, name: `${word} 🚢`, monogram: '🚢' } : brand))
}

/** Words that no layout was drawn for, at each place where they stand. */
export const extremeScenarios: Record<string, Scenario> = {
  extreme: (fake, { inbox }) => {
    stretch(fake)
    const stop = inbox.subscribe(({ phase }) => {
      if (phase !== 'ready') return
      stop()
      inbox.getState().open('a1:50117')
    })
  },
  'extreme-accounts': (fake, { app }) => {
    stretch(fake)
    app.getState().show('accounts')
  },
  'extreme-health': (fake, { app }) => {
    stretch(fake)
    app.getState().show('accounts', 'health')
  },
}
