import type { Command } from '../connectors/model.ts'
import { AppError, isAppError } from '../errors.ts'
import { parseConversationId, type Store } from './model.ts'
import type { VendorAccess } from './vendor-access.ts'

export interface Macros {
  /**
   * What a macro of the account does to a conversation. The vendor fills in its placeholders; where it cannot be reached, or does not offer
   * that, the macro is taken as the directory has it.
   * @throws AppError `not_found`
   */
  apply(conversationId: string, macroId: string): Promise<Command[]>
}

interface MacrosOptions extends VendorAccess {
  store: Pick<Store, 'directory' | 'vendorConversation'>
  isOnline(): boolean
}

const patienceMs = 8_000

export function createMacros(options: MacrosOptions): Macros {
  const asStored = async (accountId: string, macroId: string): Promise<Command[]> => {
    const { macros } = await options.store.directory(accountId)
    const macro = macros?.find((each) => each.id === macroId)
    if (macro) return macro.commands
    throw new AppError('not_found', 'That macro does not exist any more.')
  }
  return {
    async apply(conversationId, macroId) {
      const { accountId } = parseConversationId(conversationId)
      const vendor = options.connectorFor(accountId)
      const conversation = await options.store.vendorConversation(conversationId)
      if (!vendor.applyMacro || !conversation || !options.isOnline()) return asStored(accountId, macroId)
      const context = options.contextFor(accountId, AbortSignal.timeout(patienceMs), 'interactive')
      try {
        return await vendor.applyMacro(context, conversation, macroId)
      } catch (error) {
        if (isAppError(error, 'vendor_not_found')) throw error
        return asStored(accountId, macroId)
      }
    },
  }
}
