import { EventEmitter } from 'node:events'
import type {
  MessageBoxOptions,
  MessageBoxReturnValue,
  OpenDialogOptions,
  OpenDialogReturnValue,
  SaveDialogOptions,
  SaveDialogReturnValue,
} from 'electron'
import { guard } from './absent.ts'
import { runtime } from './runtime.ts'

export type DialogKind = 'message' | 'open' | 'save' | 'error'

/** A dialog on the person's screen, as a harness sees it. */
export interface ShownDialog {
  id: number
  kind: DialogKind
  title: string
  message: string
  detail: string
  buttons: string[]
}

/** What a person does: presses a button by index, or chooses paths. */
export interface DialogAnswer {
  button?: number
  checkboxChecked?: boolean
  paths?: string[]
}

interface Waiting {
  shown: ShownDialog
  answer(value: DialogAnswer | undefined): void
}

const waiting = new Map<number, Waiting>()
export const dialogShown = new EventEmitter()
let lastId = 0

/** Dialogs that nobody has answered yet. */
export function openDialogs(): ShownDialog[] {
  return [...waiting.values()].map(({ shown }) => shown)
}

/** Answers one dialog; undefined cancels it. */
export function answerDialog(id: number, answer: DialogAnswer | undefined): void {
  const found = waiting.get(id)
  if (!found) throw new Error(`No dialog ${id} is open`)
  waiting.delete(id)
  found.answer(answer)
}

/** With a harness on the control line a dialog waits for it; without one nobody could answer, so it is cancelled at once. */
function show(kind: DialogKind, details: Partial<ShownDialog>): Promise<DialogAnswer | undefined> {
  lastId += 1
  const shown = { title: '', message: '', detail: '', buttons: [], ...details, id: lastId, kind }
  process.stderr.write(`[stand-in] dialog: ${[shown.title, shown.message, shown.detail].filter(Boolean).join(' - ')}\n`)
  if (runtime.switches.control === undefined) return Promise.resolve(undefined)
  return new Promise((answer) => {
    waiting.set(shown.id, { shown, answer })
    dialogShown.emit('shown', shown)
  })
}

function optionsOf<T extends object>(values: unknown[]): T {
  return (values.length > 1 ? values[1] : values[0]) as T
}

async function showMessageBox(...values: unknown[]): Promise<MessageBoxReturnValue> {
  const options = optionsOf<MessageBoxOptions>(values)
  const { title = '', message, detail = '', buttons = ['OK'], cancelId, defaultId, checkboxChecked = false } = options
  const cancelled = buttons.findIndex((label) => /^(cancel|no)$/i.test(label))
  const fallback = cancelId ?? (cancelled >= 0 ? cancelled : (defaultId ?? 0))
  const answer = await show('message', { title, message, detail, buttons })
  return { response: answer?.button ?? fallback, checkboxChecked: answer?.checkboxChecked ?? checkboxChecked }
}

async function showOpenDialog(...values: unknown[]): Promise<OpenDialogReturnValue> {
  const { title = '', message = '' } = optionsOf<OpenDialogOptions>(values)
  const answer = await show('open', { title, message })
  return { canceled: !answer?.paths, filePaths: answer?.paths ?? [] }
}

async function showSaveDialog(...values: unknown[]): Promise<SaveDialogReturnValue> {
  const { title = '', message = '' } = optionsOf<SaveDialogOptions>(values)
  const answer = await show('save', { title, message })
  return { canceled: !answer?.paths, filePath: answer?.paths?.[0] ?? '' }
}

function showErrorBox(title: string, content: string): void {
  show('error', { title, message: content, buttons: ['OK'] }).catch(() => undefined)
}

export const dialog = guard('dialog', { showMessageBox, showOpenDialog, showSaveDialog, showErrorBox })
