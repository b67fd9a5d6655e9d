import { clsx } from 'clsx'
import type { Command, ThreadView } from '../../preload/contract.ts'
import { Chip } from '../design/chip.tsx'
import { useThread, useWorkspace } from '../workspace.tsx'
import { changeWords } from './change-words.ts'
import styles from './composer.module.css'

/** What a macro changes together with the reply: seen before it is sent, and each part can be left out. */
export function Alongside({ conversation }: { conversation: ThreadView['conversation'] }) {
  const { thread } = useWorkspace()
  const alongside = useThread((state) => state.writing.alongside)
  const directory = useThread((state) => state.directories[conversation.accountId])
  if (alongside.length === 0) return null
  const without = (command: Command) => alongside.filter((other) => other !== command)
  return (
    <fieldset className={clsx(styles.alongside)}>
      <legend>Together with it</legend>
      {alongside.map((command) => (
        <Chip
          key={JSON.stringify(command)}
          label={changeWords(command, directory)}
          onRemove={() => thread.getState().write({ alongside: without(command) })}
        />
      ))}
    </fieldset>
  )
}
