import { useEffect } from 'react'
import { solveAndNext, takeOver } from '../inbox/actions.ts'
import { onePaneBelow } from '../state/app.ts'
import { views, withBrand, withView } from '../state/inbox-filters.ts'
import { useDesk, useWorkspace, type Workspace } from '../workspace.tsx'
import { actionFor, type ShortcutAction } from './keymap.ts'

const prefixLife = 1500

/** Listens to the whole window. Keys typed into a field, or while a dialog or menu is open, are left alone. */
export function useGlobalShortcuts(): void {
  const workspace = useWorkspace()
  const { attempt } = useDesk()
  useEffect(() => {
    let prefixAt = 0
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target) || overlayIsOpen()) return
      if (event.key === 'Escape') return goBack(workspace)
      const afterG = Date.now() - prefixAt < prefixLife
      const action = actionFor(event, afterG)
      prefixAt = action?.do === 'prefix' ? Date.now() : 0
      if (action === null) return
      event.preventDefault()
      run(action, workspace, attempt)
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [workspace, attempt])
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || target.matches('input:not([type="checkbox"]), textarea, select')
}

function overlayIsOpen(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null
}

function goBack({ inbox, app }: Workspace): void {
  const list = document.querySelector<HTMLElement>('[role="listbox"][aria-label="Conversations"]')
  if (app.getState().screen === 'accounts') app.getState().show('inbox')
  else if (list !== null && document.activeElement !== list && window.innerWidth >= onePaneBelow) list.focus()
  else inbox.getState().open(null)
}

type Attempt = (work: Promise<unknown>) => Promise<boolean>

function run(action: ShortcutAction, workspace: Workspace, attempt: Attempt): void {
  const { app } = workspace
  if (action.do === 'help') app.getState().showShortcuts(true)
  else if (action.do === 'accounts') app.getState().show('accounts')
  else if (action.do === 'view' || action.do === 'brand') goTo(action, workspace)
  else if (app.getState().screen === 'inbox') runInInbox(action, workspace, attempt)
}

function goTo(action: Extract<ShortcutAction, { do: 'view' | 'brand' }>, workspace: Workspace): void {
  const { app, inbox, accounts } = workspace
  if (action.do === 'view') {
    const view = views.find(({ key }) => key === action.key)
    if (view === undefined) return
    inbox.getState().filter((filters) => withView(filters, view.id))
  } else {
    const brand = accounts.getState().brands[action.index - 1]
    if (action.index !== 0 && brand === undefined) return
    inbox.getState().filter((filters) => withBrand(filters, brand?.id ?? null))
  }
  app.getState().show('inbox')
}

function runInInbox(action: ShortcutAction, workspace: Workspace, attempt: Attempt): void {
  const { app, inbox, thread } = workspace
  const { openId } = inbox.getState()
  if (action.do === 'step') inbox.getState().step(action.by)
  else if (action.do === 'search') document.querySelector<HTMLElement>('input[type="search"]')?.focus()
  else if (action.do === 'views' || action.do === 'details') app.getState().togglePane(action.do)
  else if (openId === null) return
  else if (action.do === 'reply' || action.do === 'note') thread.getState().compose(action.do)
  else if (action.do === 'unread') void attempt(inbox.getState().setRead(openId, false))
  else if (action.do === 'solve') void attempt(solveAndNext(workspace, openId))
  else if (action.do === 'take') void attempt(takeOver(workspace, openId))
}
