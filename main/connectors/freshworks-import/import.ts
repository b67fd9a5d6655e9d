import type { TextFault } from '../manifest/faults.ts'
import { parseManifest } from '../manifest/parse.ts'
import type { ManifestInput } from '../manifest/schema.ts'
import { importFields } from './account.ts'
import { type FreshworksApp, type Integration, readApp } from './read-app.ts'
import { emptyReport, type ImportReport } from './report.ts'
import { type ImportedRequests, importRequests, reportUnsigned } from './requests.ts'
import { guessRoles } from './roles.ts'
import { importSignIn } from './sign-in.ts'

export interface ImportedManifest {
  /** Name of the integration in the app; empty for an app that has only one, unnamed. */
  integration: string
  id: string
  /** A manifest. It may have faults where the app leaves something to code. */
  text: string
  faults: TextFault[]
  report: ImportReport
}

export interface FreshworksImport {
  /** One for each integration: a manifest has one sign-in. */
  manifests: ImportedManifest[]
  /** What concerns the app as a whole. */
  report: ImportReport
}

/**
 * Makes manifests of a Freshworks app. Pure: takes the texts of its files, runs nothing of them.
 * @throws AppError `bad_request` for files that are not of such an app
 */
export function importFreshworksApp(texts: {
  oauthConfig: string
  requests: string
  iparams?: string
}): FreshworksImport {
  const app = readApp(texts)
  const report = emptyReport()
  reportUnsigned(app, report)
  return { manifests: [...app.integrations].map(([name, integration]) => importOne(app, name, integration)), report }
}

function importOne(app: FreshworksApp, name: string, integration: Integration): ImportedManifest {
  const report = emptyReport()
  const title = integration.display_name?.trim() || name || 'Freshworks app'
  const { signIn, inputs } = importSignIn(integration, report)
  const requests = importRequests(app, name, report)
  if (requests.requests.size === 0)
    report.needsAnswer.push('No request template uses this sign-in: add the requests by hand.')
  const base = chooseBase(requests)
  const addresses = [signIn.authorizeUrl ?? '', signIn.tokenUrl ?? '', ...requests.hosts]
  const used = new Set([...inputs, ...requests.inputs])
  const fields = importFields(app, integration, used, addresses, report)
  const id = idOf(name || title)
  const roles = guessRoles(requests.requests, report)
  const [first] = fields
  const manifest: ManifestInput = {
    $schema: 'https://manydesk.app/connector.schema.json',
    manifest: 1,
    id,
    name: title.slice(0, 60),
    description: `Imported from a Freshworks app`,
    account: {
      ...(fields.length === 0 ? {} : { fields }),
      label:
        first === undefined
          ? title
          : first.kind === 'subdomain'
            ? `<%= account.${first.key} %>.${first.domain}`
            : `<%= account.${first.key} %>`,
    },
    hosts: requests.hosts.length === 0 ? [base.host] : requests.hosts,
    signIn,
    api: {
      baseUrl: `https://${base.host}`,
      ...(Object.keys(requests.headers).length === 0 ? {} : { headers: requests.headers }),
    },
    requests: Object.fromEntries(
      [...requests.requests].map(([each, request]) => [each, withoutBase(request, base.host)]),
    ),
    ...roles,
  }
  const text = `${JSON.stringify(manifest, null, 2)}\n`
  return { integration: name, id, text, faults: parseManifest(text).faults, report }
}

/** The host most requests go to. */
function chooseBase({ requests, hosts }: ImportedRequests): { host: string } {
  const count = (host: string) => [...requests.values()].filter((request) => request.host === host).length
  const [most] = hosts.toSorted((a, b) => count(b) - count(a))
  return { host: most ?? 'api.vendor.example' }
}

function withoutBase(request: ManifestInput['requests'][string], base: string) {
  const { host, ...rest } = request
  return host === base || host === undefined ? rest : { ...rest, host }
}

function idOf(name: string): string {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
  return words.length < 2 ? 'freshworks-app' : words.slice(0, 40).replace(/-+$/, '')
}
