import type { Moving } from '../accounts/moving.ts'
import { saveNewFile } from '../files/save-file.ts'
import { demand, type Enforcement } from '../policy/enforce.ts'
import type { Handlers } from './router.ts'

interface MovingParts {
  /** @throws AppError while starting */
  moving(): Moving
  downloadsFolder: string
  policy: Pick<Enforcement, 'mayExport'>
  /** @param count accounts in the file */
  onExported(count: number): void
  /** @param count accounts that were added */
  onImported(count: number): void
}

export function movingHandlers({
  moving,
  downloadsFolder,
  policy,
  onExported,
  onImported,
}: MovingParts): Pick<Handlers, 'moving.export' | 'moving.preview' | 'moving.import'> {
  return {
    async 'moving.export'() {
      demand(policy.mayExport())
      const file = moving().export()
      const text = `${JSON.stringify(file, null, 2)}\n`
      const fileName = await saveNewFile(downloadsFolder, 'manydesk-accounts.json', Buffer.from(text))
      onExported(file.accounts.length)
      return {
        fileName,
        folder: downloadsFolder,
        accounts: file.accounts.length,
        brands: file.brands.length,
      }
    },
    'moving.preview': ({ text }) => moving().preview(text),
    'moving.import'({ text }) {
      const taken = moving().import(text)
      onImported(taken.accountIds.length)
      return taken
    },
  }
}
