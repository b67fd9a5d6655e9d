import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Bridge, HandshakeView, VendorView } from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'
import { blankForm, type ConnectForm, formProblems, siteIsTyped, toRequest, withSiteValue } from './connect-form.ts'
import type { Rung } from './rungs.ts'

/** The form step: what is typed, and what is going on with it. */
export interface ClientStep {
  name: 'client'
  vendor: VendorView
  form: ConnectForm
  checking: boolean
  siteError: ErrorShape | null
  sending: boolean
  sendError: ErrorShape | null
  /** True after a first try to continue: from then on missing fields are marked. */
  showProblems: boolean
}

/** Each step holds only its own fields, so that an impossible screen cannot be built. */
export type ConnectStep =
  | { name: 'vendor' }
  | ClientStep
  | { name: 'sign-in'; attemptId: string; actionError: ErrorShape | null }
  | { name: 'brand'; accountId: string }

interface Draft {
  vendor: VendorView
  form: ConnectForm
}

interface ConnectState {
  step: ConnectStep
  /** Forms of attempts that have not ended well yet, so that "Try again" needs no typing. */
  drafts: Readonly<Record<string, Draft>>
}

interface ConnectActions {
  /** Back to the choice of a vendor, with nothing typed. Running sign-ins go on. */
  begin(): void
  chooseVendor(vendor: VendorView): void
  typeSite(key: string, value: string): void
  edit(change: Partial<Omit<ConnectForm, 'site' | 'checked'>>): void
  /** Asks what the typed site means; does nothing while a field is empty. */
  checkSite(): Promise<void>
  /** Starts the handshake, or marks what is missing. */
  submit(): Promise<void>
  showAttempt(attemptId: string): void
  nameBrand(accountId: string): void
  /** The same sign-in once more, by the given way if one is given. */
  tryAgain(handshake: HandshakeView, vendor: VendorView | undefined, rung?: Rung): Promise<void>
  /** Opens the form of a failed attempt again. */
  editForm(handshake: HandshakeView, vendor: VendorView | undefined): void
  cancel(attemptId: string): Promise<void>
  showWindow(attemptId: string): Promise<void>
  /** What an attempt no longer needs is dropped: its form and, with it, the secret. */
  forget(attemptId: string): void
}

export type ConnectStore = StoreApi<ConnectState & ConnectActions>

const clientStep = (vendor: VendorView, form: ConnectForm): ClientStep => ({
  name: 'client',
  vendor,
  form,
  checking: false,
  siteError: null,
  sending: false,
  sendError: null,
  showProblems: false,
})

const without = (drafts: ConnectState['drafts'], attemptId: string) =>
  Object.fromEntries(Object.entries(drafts).filter(([id]) => id !== attemptId))

/** State of the connect wizard over the given bridge. One store per window, for the life of the window. */
export function createConnectStore(bridge: Pick<Bridge, 'accounts' | 'vendors' | 'on'>): ConnectStore {
  return createStore((set, get) => {
    const inClient = (change: (step: ClientStep) => Partial<ClientStep>) =>
      set(({ step }) => (step.name === 'client' ? { step: { ...step, ...change(step) } } : {}))
    const failAttempt = (attemptId: string, actionError: ErrorShape | null) =>
      set(({ step }) =>
        step.name === 'sign-in' && step.attemptId === attemptId ? { step: { ...step, actionError } } : {},
      )

    const checkSite = async () => {
      const { step } = get()
      if (step.name !== 'client' || !siteIsTyped(step.vendor, step.form) || step.form.checked !== null) return
      const { vendor, form } = step
      inClient(() => ({ checking: true, siteError: null }))
      const answer = await bridge.vendors.checkSite({ vendor: vendor.id, site: form.site })
      // An answer about what has been typed over in the meantime means nothing any more.
      inClient((now) => {
        if (now.vendor.id !== vendor.id || now.form.site !== form.site) return {}
        if (!answer.ok) return { checking: false, siteError: answer.error }
        return { checking: false, form: { ...now.form, checked: answer.value } }
      })
    }

    const start = async (vendor: VendorView, form: ConnectForm): Promise<ErrorShape | null> => {
      const answer = await bridge.accounts.connect(toRequest(vendor, form))
      if (!answer.ok) return answer.error
      const { attemptId } = answer.value
      set(({ drafts }) => ({
        step: { name: 'sign-in', attemptId, actionError: null },
        drafts: { ...drafts, [attemptId]: { vendor, form } },
      }))
      return null
    }

    const restart = async (handshake: HandshakeView, vendor: VendorView | undefined, rung?: Rung) => {
      const draft = get().drafts[handshake.attemptId]
      if (
        handshake.accountId !== null &&
        handshake.error?.code !== 'handshake_already_connected' &&
        draft === undefined
      ) {
        const answer = await bridge.accounts.reconnect({ accountId: handshake.accountId, ...rung })
        if (!answer.ok) return failAttempt(handshake.attemptId, answer.error)
        return set({ step: { name: 'sign-in', attemptId: answer.value.attemptId, actionError: null } })
      }
      if (draft === undefined) return get().editForm(handshake, vendor)
      const error = await start(draft.vendor, { ...draft.form, ...rung })
      if (error !== null) return failAttempt(handshake.attemptId, error)
      get().forget(handshake.attemptId)
    }

    // The secret of a sign-in that ended well is not kept a moment longer, whatever screen is shown.
    bridge.on('handshake.changed', (handshake) => {
      if (handshake.step === 'done') get().forget(handshake.attemptId)
    })

    return {
      step: { name: 'vendor' },
      drafts: {},
      begin: () => set({ step: { name: 'vendor' } }),
      chooseVendor: (vendor) => {
        set({ step: clientStep(vendor, blankForm(vendor)) })
        // A vendor with one site for everyone has nothing to type: its name is known at once.
        if (vendor.siteFields.length === 0) void checkSite()
      },
      typeSite: (key, value) =>
        inClient((step) => ({
          form: withSiteValue(step.form, key, value),
          siteError: null,
          checking: false,
          sendError: null,
        })),
      edit: (change) => inClient((step) => ({ form: { ...step.form, ...change }, sendError: null })),
      checkSite,
      submit: async () => {
        await checkSite()
        const { step } = get()
        if (step.name !== 'client' || step.sending) return
        const incomplete = Object.keys(formProblems(step.vendor, step.form)).length > 0
        if (incomplete || step.siteError !== null || step.form.checked === null) {
          return inClient(() => ({ showProblems: true }))
        }
        inClient(() => ({ sending: true, sendError: null }))
        const error = await start(step.vendor, step.form)
        if (error !== null) inClient(() => ({ sending: false, sendError: error }))
      },
      showAttempt: (attemptId) => set({ step: { name: 'sign-in', attemptId, actionError: null } }),
      nameBrand: (accountId) => set({ step: { name: 'brand', accountId } }),
      tryAgain: restart,
      editForm: (handshake, vendor) => {
        const draft = get().drafts[handshake.attemptId]
        const known = draft?.vendor ?? vendor
        set({ step: known === undefined ? { name: 'vendor' } : clientStep(known, draft?.form ?? blankForm(known)) })
        get().forget(handshake.attemptId)
      },
      cancel: async (attemptId) => {
        const answer = await bridge.accounts.cancelHandshake({ attemptId })
        failAttempt(attemptId, answer.ok ? null : answer.error)
      },
      showWindow: async (attemptId) => {
        const answer = await bridge.accounts.showHandshake({ attemptId })
        failAttempt(attemptId, answer.ok ? null : answer.error)
      },
      forget: (attemptId) => set(({ drafts }) => ({ drafts: without(drafts, attemptId) })),
    }
  })
}
