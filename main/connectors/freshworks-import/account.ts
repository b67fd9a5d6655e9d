import type { ManifestInput } from '../manifest/schema.ts'
import { plainName } from './placeholders.ts'
import type { FreshworksApp, Input, Integration } from './read-app.ts'
import type { ImportReport } from './report.ts'

type Field = NonNullable<ManifestInput['account']['fields']>[number]

/** The values of the app that a person is asked for before signing in. */
export function importFields(
  app: FreshworksApp,
  integration: Integration,
  used: ReadonlySet<string>,
  addresses: readonly string[],
  report: ImportReport,
): Field[] {
  const fields: Field[] = []
  const asked = new Map([...app.iparams, ...Object.entries(integration.oauth_iparams ?? {})])
  for (const name of used) {
    const input = asked.get(name)
    const label = input?.display_name || name
    if (input === undefined)
      report.needsAnswer.push(`"${name}" is used and described nowhere: say what to ask for in "account".`)
    if (input?.secure) {
      report.needsAnswer.push(
        `"${name}" is a secret of the installation. A manifest holds none: is there a way without it?`,
      )
      continue
    }
    fields.push({
      key: plainName(name),
      label,
      help: input?.description || `What the Freshworks app calls "${name}".`,
      ...kindOf(name, input, addresses),
    })
    report.taken.push(`Setting "${label}": asked for before signing in.`)
  }
  for (const name of asked.keys()) {
    const client = [integration.client_id, integration.client_secret].some((text) => text?.includes(name))
    if (!used.has(name) && !client)
      report.notCarried.push(`Setting "${name}": no request and no sign-in address uses it.`)
  }
  return fields
}

/** By where the value stands: in front of a domain, as a whole host, or anywhere else. */
function kindOf(
  name: string,
  input: Input | undefined,
  addresses: readonly string[],
): Pick<Field, 'kind' | 'domain' | 'options' | 'placeholder'> {
  const options = (input?.options ?? []).map(optionOf).filter((option) => option !== null)
  if (options.length > 0) return { kind: 'choice', options }
  const placeholder = `<%= account.${plainName(name)} %>`
  const hosts = addresses.map((address) => address.replace(/^https?:\/\//, '').split('/', 1)[0] ?? '')
  if (hosts.includes(placeholder)) return { kind: 'host', placeholder: exampleOf(input) }
  const domain = hosts.find((host) => host.startsWith(`${placeholder}.`))?.slice(placeholder.length + 1)
  if (domain !== undefined && !domain.includes('<%'))
    return { kind: 'subdomain', domain, placeholder: `acme.${domain}` }
  return { kind: hosts.some((host) => host.includes(placeholder)) ? 'word' : 'text' }
}

/** "example: acme.vendor.example" in a description. */
const exampleOf = (input: Input | undefined) => /[\w-]+(?:\.[\w-]+)+/.exec(input?.description ?? '')?.[0] ?? ''

function optionOf(option: unknown): { value: string; label: string } | null {
  if (typeof option === 'string' && option !== '') return { value: option, label: option }
  if (typeof option !== 'object' || option === null) return null
  const { value, label, name } = option as Record<string, unknown>
  const text = [value, name, label].find((each) => typeof each === 'string' && each !== '')
  return typeof text === 'string'
    ? { value: text, label: typeof label === 'string' && label !== '' ? label : text }
    : null
}
