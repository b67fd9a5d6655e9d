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
export interface Editing {
  /** Counts what was opened: an answer for another one means nothing here. */
  opening: number
  /** Null for one that was never saved. */
  saved: DescribedConnector | null
  /** As it was opened. */
  begun: string
  text: string
  /** False while the newest text has not been checked. */
  checked: boolean
  faults: readonly ManifestFault[]
  /** Of the newest text that had no faults; null until there is one. */
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
  /** Checks the text, after a check that could not be made. */
  recheck(): Promise<void>
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

/** True when leaving would lose something that was written. */
export function hasUnsaved({ saved, begun, text }: Pick<Editing, 'saved' | 'begun' | 'text'>): boolean {
  return text !== (saved?.text ?? begun)
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
    let openings = 0
    const isOpen = ({ opening }: Editing) => get().editing?.opening === opening
    const inEditing = (of: Editing, change: Partial<Editing>) =>
      set(({ editing }) => (editing?.opening === of.opening ? { editing: { ...editing, ...change } } : {}))

    const check = async () => {
      const { editing } = get()
      if (editing === null) return
      const answer = await bridge.connectors.check({ text: editing.text })
      // What has been typed meanwhile is checked by itself.
      if (get().editing?.text !== editing.text) return
      if (!answer.ok) return inEditing(editing, { checked: false, error: answer.error })
      const { faults, summary } = answer.value
      inEditing(editing, { checked: true, faults, ...(summary !== null && { summary }) })
    }
    const open = (text: string, saved: DescribedConnector | null) => {
      clearTimeout(timer)
      openings += 1
      const unknown = { checked: false, faults: [], summary: null, saving: false, error: null }
      set({ trial: noTrial, editing: { opening: openings, saved, begun: text, text, ...unknown } })
      void check()
    }
    const load = async () => {
      if (get().phase === 'failed') set({ phase: 'loading', error: null })
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
        const { editing } = get()
        if (editing === null) return
        inEditing(editing, { text, checked: false, error: null })
        clearTimeout(timer)
        timer = setTimeout(() => void check(), checkAfter)
      },
      recheck() {
        const { editing } = get()
        if (editing !== null) inEditing(editing, { error: null })
        return check()
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
        inEditing(editing, { saving: true, error: null })
        const answer = await bridge.connectors.save({ text: editing.text })
        if (!answer.ok) return inEditing(editing, { saving: false, error: answer.error })
        await load()
        const saved = get().connectors.find(({ id }) => id === answer.value.id) ?? null
        inEditing(editing, { saving: false, saved })
        // What is new about it is measured against the saved one.
        if (isOpen(editing)) await check()
      },
      async remove(id) {
        const answer = await bridge.connectors.remove({ id })
        if (!answer.ok) return answer.error
        set({ editing: null, trial: noTrial })
        await load()
        return null
      },
      async run(wish) {
        const { editing } = get()
        if (editing === null) return
        set({ trial: { running: true, result: null, error: null } })
        const answer = await bridge.connectors.try({ text: editing.text, ...wish })
        if (!isOpen(editing)) return
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
