import Zap from 'lucide-react/icons/zap'
import { useState } from 'react'
import type { Command, ThreadView } from '../../preload/contract.ts'
import { unwrap } from '../bridge.ts'
import { IconButton } from '../design/button.tsx'
import { Menu, MenuItem } from '../design/menu.tsx'
import type { ReplyKind } from '../state/drafts.ts'
import { useDesk, useThread, useWorkspace } from '../workspace.tsx'

interface MacroMenuProps {
  conversation: ThreadView['conversation']
  kind: ReplyKind
}

/** The helpdesk's macros: what they write goes into the composer, what they set goes along when it is sent. */
export function MacroMenu({ conversation, kind }: MacroMenuProps) {
  const { bridge, thread } = useWorkspace()
  const { attempt } = useDesk()
  const [busy, setBusy] = useState(false)
  const macros = useThread((state) => state.directories[conversation.accountId]?.macros)
  if (macros === undefined || macros.length === 0) return null
  const apply = async (macroId: string) => {
    setBusy(true)
    const commands = await unwrap(bridge.inbox.applyMacro({ conversationId: conversation.id, macroId })).finally(() =>
      setBusy(false),
    )
    // Another conversation may have been opened meanwhile.
    if (thread.getState().conversationId !== conversation.id) return
    thread.getState().write(withMacro(thread.getState().writing, kind, commands))
    thread.getState().compose(thread.getState().writing.kind)
  }
  return (
    <Menu
      label="Macros"
      placement="top start"
      trigger={<IconButton label="Macros" icon={<Zap size={16} />} isDisabled={busy} />}
    >
      {macros.map((macro) => (
        <MenuItem key={macro.id} label={macro.name} onAction={() => void attempt(apply(macro.id))} />
      ))}
    </Menu>
  )
}

interface Writing {
  kind: ReplyKind
  bodyText: string
  alongside: Command[]
}

/** Written text is added under what is there already; a macro's own kind counts only in an empty composer. */
export function withMacro(writing: Writing, kind: ReplyKind, commands: readonly Command[]): Writing {
  const written = commands.find((command) => command.kind === 'reply' || command.kind === 'note')
  const changes = commands.filter((command) => command.kind !== 'reply' && command.kind !== 'note')
  const kinds = new Set<Command['kind']>(changes.map((command) => command.kind))
  const alongside = [...writing.alongside.filter((command) => !kinds.has(command.kind)), ...changes]
  if (written?.kind !== 'reply' && written?.kind !== 'note') return { ...writing, kind, alongside }
  const before = writing.bodyText.trim()
  if (before === '') return { kind: written.kind, bodyText: written.bodyText, alongside }
  return { kind, bodyText: `${before}\n\n${written.bodyText}`, alongside }
}
