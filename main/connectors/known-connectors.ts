import { AppError, isAppError } from '../errors.ts'
import type { DocumentFile } from '../ports.ts'
import type { Connector } from './connector.ts'
import { createManifestConnector } from './manifest/connector.ts'
import type { TextFault } from './manifest/faults.ts'
import { parseManifest } from './manifest/parse.ts'
import type { Manifest } from './manifest/schema.ts'

/** Where a person's own manifests are kept, one file for each. */
export interface ManifestFolder {
  /** Names of the files, without their ending. Empty where the folder cannot be read. */
  names(): string[]
  file(name: string): DocumentFile
}

/** A connector that is described by a manifest. */
export interface DescribedConnector {
  id: string
  name: string
  /** `shipped` comes with the app and cannot be changed; it can be copied under another id. */
  origin: 'shipped' | 'own'
  text: string
  /** What keeps it from being used. */
  faults: TextFault[]
}

export interface Connectors {
  /** In the order of the vendor grid. */
  list(): readonly Connector[]
  find(id: string): Connector | null
  described(): DescribedConnector[]
  /** Tells the id of each connector that is new, changed or gone. */
  onChange(listener: (id: string) => void): () => void
  /** Keeps a manifest and uses it from now on. @returns its id. @throws AppError `bad_request`, `file_failed`, `store_full` */
  save(text: string): string
  /** @throws AppError `not_found`; `vendor_conflict` while an account uses it; `file_failed` */
  remove(id: string): void
  /** Files that could not be used, one sentence each. */
  notices: AppError[]
}

interface ConnectorsOptions {
  builtIn: readonly Connector[]
  /** Manifests that come with the app, as text. */
  shipped: readonly string[]
  folder: ManifestFolder
  /** Whether an account uses the connector of that id. */
  inUse(id: string): boolean
}

interface Own extends DescribedConnector {
  connector: Connector | null
}

/** More files than this are not looked at. */
const mostFiles = 200
const idForm = /^[a-z][a-z0-9-]{1,39}$/

/** Every vendor there is: those with code, those that come as manifests, and the person's own, which may change while the app runs. */
export function createConnectors({ builtIn, shipped, folder, inUse }: ConnectorsOptions): Connectors {
  const listeners = new Set<(id: string) => void>()
  const shippedOnes = shipped.flatMap((text) => {
    const { manifest } = parseManifest(text)
    return manifest === null ? [] : [described(manifest, text, 'shipped')]
  })
  const fixed = [...builtIn, ...shippedOnes.flatMap(({ connector }) => (connector === null ? [] : [connector]))]
  const taken = new Set(fixed.map((connector) => connector.id))
  const own = new Map<string, Own>()
  const notices: AppError[] = []
  for (const name of folder.names().slice(0, mostFiles)) {
    const read = readFile(folder, name, taken)
    if (read.own !== null) own.set(name, read.own)
    if (read.notice !== null) notices.push(read.notice)
  }

  const tell = (id: string) => {
    for (const listener of listeners) listener(id)
  }
  const usable = () => [...own.values()].flatMap(({ connector }) => (connector === null ? [] : [connector]))
  const list = () => [...fixed, ...usable().sort((a, b) => a.name.localeCompare(b.name))]

  return {
    list,
    find: (id) => list().find((connector) => connector.id === id) ?? null,
    described: () =>
      [...shippedOnes, ...own.values()].map(({ id, name, origin, text, faults }) => ({
        id,
        name,
        origin,
        text,
        faults,
      })),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    save(text) {
      const manifest = requireManifest(text)
      if (taken.has(manifest.id)) throw shadows(manifest.id)
      folder.file(manifest.id).write(JSON.parse(text) as Record<string, unknown>)
      own.set(manifest.id, described(manifest, text, 'own'))
      tell(manifest.id)
      return manifest.id
    },
    remove(id) {
      if (!own.has(id)) throw new AppError('not_found', 'There is no connector of your own with that name.')
      if (inUse(id)) {
        throw new AppError('vendor_conflict', 'An account uses this connector.', {
          action: 'Remove the account first, on the Accounts page.',
        })
      }
      folder.file(id).remove()
      own.delete(id)
      tell(id)
    },
    notices,
  }
}

function described(manifest: Manifest, text: string, origin: DescribedConnector['origin']): Own {
  return {
    id: manifest.id,
    name: manifest.name,
    origin,
    text,
    faults: [],
    connector: createManifestConnector(manifest),
  }
}

function readFile(
  folder: ManifestFolder,
  name: string,
  taken: ReadonlySet<string>,
): { own: Own | null; notice: AppError | null } {
  const unusable = (why: string, own: Own | null = null) => ({
    own,
    notice: new AppError('settings_damaged', `The connector "${name}" could not be used: ${why}`, {
      action: own
        ? 'Open it under Accounts, Custom connectors. Everything else works.'
        : 'Mend the file in the folder of custom connectors, or import it anew. Everything else works.',
      detail: name,
    }),
  })
  if (!idForm.test(name)) return unusable('its file has another name than a connector can have.')
  try {
    const answer = folder.file(name).read()
    if (answer.kind === 'absent') return { own: null, notice: null }
    if (answer.kind !== 'found')
      return unusable(answer.kind === 'damaged' ? 'its file is damaged.' : 'its file cannot be read.')
    const text = JSON.stringify(answer.value, null, 2)
    const { manifest, faults } = parseManifest(text)
    if (manifest === null)
      return unusable(firstOf(faults), { id: name, name, origin: 'own', text, faults, connector: null })
    if (manifest.id !== name) return unusable(`its file must be called ${manifest.id}.json.`)
    if (taken.has(name)) return unusable('Manydesk has a connector of that name.')
    return { own: described(manifest, text, 'own'), notice: null }
  } catch (error) {
    return unusable(isAppError(error) ? error.message : 'its file cannot be read.')
  }
}

const firstOf = (faults: TextFault[]): string => {
  const [first] = faults
  return first === undefined
    ? 'it is empty.'
    : `line ${first.line}, column ${first.column}${first.path && ` (${first.path})`}: ${first.message}`
}

function requireManifest(text: string): Manifest {
  const { manifest, faults } = parseManifest(text)
  if (manifest !== null) return manifest
  throw new AppError('bad_request', `This connector cannot be used yet: ${firstOf(faults)}`, {
    action: 'Correct it and save again.',
  })
}

const shadows = (id: string) =>
  new AppError('bad_request', `Manydesk brings a connector named "${id}".`, { action: 'Give yours another "id".' })
