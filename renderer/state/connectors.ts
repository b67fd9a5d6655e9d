import { createStore, type StoreApi } from 'zustand/vanilla'
import type {
  Answer,
  Bridge,
  CallArgs,
  DescribedConnector,
  DescribedServer,
  ImportedApp,
  ManifestFault,
  ManifestSummary,
  TriedRequest,
} from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'

/** A manifest being written: its text, and what is known of that text. */
interface Editing {
  /** Null for one that was never saved. */
  saved: DescribedConnector | null
  text: string
  /** False while the newest text has not been checked. */
  checked: boolean
  faults: readonly ManifestFault[]
  summary: ManifestSummary | null
  saving: boolean
  error: ErrorShape | null
}

interface Trial {
  running: boolean
  result: TriedRequest | null
  error: ErrorShape | null
}

interface ConnectorsState {
  phase: 'loading' | 'ready' | 'failed'
  error: ErrorShape | null
  connectors: readonly DescribedConnector[]
  editing: Editing | null
  trial: Trial
}

interface ConnectorsActions {
  load(): Promise<void>
  /** Opens a manifest; a shipped one as a copy under another id. */
  edit(connector: DescribedConnector): void
  /** Opens a new one with this text. */
  create(text: string): void
  leave(): void
  write(text: string): void
  /** What the server at an issuer says of itself. */
  discover(issuer: string): Promise<Answer<DescribedServer>>
  /** Leaves the addresses of the manifest that is open to the issuer; false where its text is not JSON with a sign-in. */
  leaveToIssuer(issuer: string): boolean
  save(): Promise<void>
  /** The error, or null when it is gone. */
  remove(id: string): Promise<ErrorShape | null>
  run(wish: Omit<CallArgs<'connectors.try'>, 'text'>): Promise<void>
  importFreshworks(files: CallArgs<'connectors.importFreshworks'>): Promise<Answer<ImportedApp>>
}

export type ConnectorsStore = StoreApi<ConnectorsState & ConnectorsActions>

const noTrial: Trial = { running: false, result: null, error: null }
const checkAfter = 250

/** A shipped manifest cannot be changed: its copy gets an id of its own. */
export function copyText(text: string): string {
  return text.replace(/("id"\s*:\s*")([^"]+)"/, '$1my-$2"')
}

/** A manifest whose sign-in names the issuer in place of addresses; null for a text that is none. */
export function withIssuer(text: string, issuer: string): string | null {
  try {
    const manifest = JSON.parse(text)
    if (manifest?.signIn?.kind !== 'oauth') return null
    const { authorizeUrl: _a, tokenUrl: _t, revokeUrl: _r, deviceUrl: _d, ...signIn } = manifest.signIn
    return JSON.stringify({ ...manifest, signIn: { ...signIn, issuer } }, null, 2)
  } catch {
    return null
  }
}

/** Connectors described by data: the list, the one being written, and what trying it gave. One store per window. */
export function createConnectorsStore(bridge: Pick<Bridge, 'connectors'>): ConnectorsStore {
  return createStore((set, get) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const inEditing = (change: Partial<Editing>) =>
      set(({ editing }) => (editing === null ? {} : { editing: { ...editing, ...change } }))

    const check = async () => {
      const text = get().editing?.text
      if (text === undefined) return
      const answer = await bridge.connectors.check({ text })
      // What has been typed meanwhile is checked by itself.
      if (get().editing?.text !== text) return
      if (answer.ok) inEditing({ checked: true, ...answer.value })
      else inEditing({ checked: true, error: answer.error })
    }
    const open = (text: string, saved: DescribedConnector | null) => {
      set({
        trial: noTrial,
        editing: { saved, text, checked: false, faults: [], summary: null, saving: false, error: null },
      })
      void check()
    }
    const load = async () => {
      const answer = await bridge.connectors.list()
      set(
        answer.ok
          ? { phase: 'ready', error: null, connectors: answer.value }
          : { phase: 'failed', error: answer.error },
      )
    }

    return {
      phase: 'loading',
      error: null,
      connectors: [],
      editing: null,
      trial: noTrial,
      load,
      edit: (connector) =>
        connector.origin === 'shipped' ? open(copyText(connector.text), null) : open(connector.text, connector),
      create: (text) => open(text, null),
      leave() {
        clearTimeout(timer)
        set({ editing: null, trial: noTrial })
      },
      write(text) {
        inEditing({ text, checked: false, error: null })
        clearTimeout(timer)
        timer = setTimeout(() => void check(), checkAfter)
      },
      discover: (issuer) => bridge.connectors.discover({ issuer }),
      leaveToIssuer(issuer) {
        const text = withIssuer(get().editing?.text ?? '', issuer)
        if (text !== null) get().write(text)
        return text !== null
      },
      async save() {
        const { editing } = get()
        if (editing === null || editing.saving) return
        inEditing({ saving: true, error: null })
        const answer = await bridge.connectors.save({ text: editing.text })
        if (!answer.ok) return inEditing({ saving: false, error: answer.error })
        await load()
        const saved = get().connectors.find(({ id }) => id === answer.value.id) ?? null
        inEditing({ saving: false, saved })
      },
      async remove(id) {
        const answer = await bridge.connectors.remove({ id })
        if (!answer.ok) return answer.error
        set({ editing: null, trial: noTrial })
        await load()
        return null
      },
      async run(wish) {
        const text = get().editing?.text
        if (text === undefined) return
        set({ trial: { running: true, result: null, error: null } })
        const answer = await bridge.connectors.try({ text, ...wish })
        if (get().editing === null) return
        set({
          trial: answer.ok
            ? { running: false, result: answer.value, error: null }
            : { running: false, result: null, error: answer.error },
        })
      },
      importFreshworks: (files) => bridge.connectors.importFreshworks(files),
    }
  })
}
