import { useEffect } from 'react'
import { takeOver, solveAndNext } from '../inbox/actions.ts'
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
  if (app.getState().screen === 'accounts') return app.getState().show('inbox')
  if (list !== null && document.activeElement !== list) return list.focus()
  inbox.getState().open(null)
}

type Attempt = (work: Promise<unknown>) => Promise<boolean>

function run(action: ShortcutAction, workspace: Workspace, attempt: Attempt): void {
  const { app, inbox, thread, accounts } = workspace
  switch (action.do) {
    case 'help':
      return app.getState().showShortcuts(true)
    case 'accounts':
      return app.getState().show('accounts')
    case 'view': {
      const view = views.find(({ key }) => key === action.key)
      app.getState().show('inbox')
      if (view !== undefined) inbox.getState().filter((filters) => withView(filters, view.id))
      return
    }
    case 'brand': {
      const brand = accounts.getState().brands[action.index - 1]
      if (action.index !== 0 && brand === undefined) return
      app.getState().show('inbox')
      return inbox.getState().filter((filters) => withBrand(filters, brand?.id ?? null))
    }
  }
  if (app.getState().screen !== 'inbox') return
  const { openId } = inbox.getState()
  switch (action.do) {
    case 'step':
      return inbox.getState().step(action.by)
    case 'search':
      return document.querySelector<HTMLElement>('input[type="search"]')?.focus()
    case 'views':
      return app.getState().togglePane('views')
    case 'details':
      return app.getState().togglePane('details')
  }
  if (openId === null) return
  switch (action.do) {
    case 'reply':
    case 'note':
      return thread.getState().compose(action.do)
    case 'unread':
      return void attempt(inbox.getState().setRead(openId, false))
    case 'solve':
      return void attempt(solveAndNext(workspace, openId))
    case 'take':
      return void attempt(takeOver(workspace, openId))
  }
}
