import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import type { z } from 'zod'
import { lineAndColumn, locate, schemaFaults, type TextFault } from './faults.ts'

const mostFaults = 50

/** `root` is null where the text is no JSON. `value` is null exactly where there are faults. */
export interface JsonText<T> {
  value: T | null
  root: Node | null
  faults: TextFault[]
}

/** Reads a JSON text of a known form. Each fault has the line and column it stands at; never throws. */
export function readJsonText<T>(text: string, schema: z.ZodType<T>): JsonText<T> {
  const errors: ParseError[] = []
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false })
  if (root === undefined || errors.length > 0) {
    return { value: null, root: null, faults: inOrder(syntaxFaults(text, errors)) }
  }
  const twice = repeated(text, root)
  if (twice.length > 0) return { value: null, root, faults: inOrder(twice) }
  const parsed = schema.safeParse(JSON.parse(text))
  if (parsed.success) return { value: parsed.data, root, faults: [] }
  const faults = schemaFaults(parsed.error, root).map((fault) => locate(text, root, fault))
  return { value: null, root, faults: inOrder(faults) }
}

/** By their place in the text, and not more than anybody reads. */
export function inOrder(faults: TextFault[]): TextFault[] {
  return faults.toSorted((a, b) => a.line - b.line || a.column - b.column).slice(0, mostFaults)
}

const syntaxWords: Partial<Record<ReturnType<typeof printParseErrorCode>, string>> = {
  CommaExpected: 'A comma is missing before this.',
  ColonExpected: 'A colon is missing before this.',
  PropertyNameExpected: 'A name in double quotes is expected here. The last member has no comma after it.',
  ValueExpected: 'A value is expected here. The last item has no comma after it.',
  CloseBraceExpected: 'A } is missing here.',
  CloseBracketExpected: 'A ] is missing here.',
  EndOfFileExpected: 'The text ends before this.',
  InvalidCommentToken: 'JSON has no comments.',
  UnexpectedEndOfString: 'This text has no closing quote.',
  InvalidEscapeCharacter: 'This escape is not known: write \\\\ for a backslash.',
}

function syntaxFaults(text: string, errors: ParseError[]): TextFault[] {
  if (text.trim() === '') return [{ line: 1, column: 1, path: '', message: 'This is empty.' }]
  // What follows the first is mostly a consequence of it.
  return errors.slice(0, 1).map(({ error, offset }) => ({
    ...lineAndColumn(text, offset),
    path: '',
    message: syntaxWords[printParseErrorCode(error)] ?? 'This is not JSON.',
  }))
}

/** A name that stands twice in one object: JSON lets the last one win, which nobody means. */
function repeated(text: string, node: Node): TextFault[] {
  const names = new Set<string>()
  return (node.children ?? []).flatMap((child) => {
    const name = child.type === 'property' ? String(child.children?.[0]?.value) : null
    const again = name !== null && names.has(name)
    if (name !== null) names.add(name)
    const own = again
      ? [{ ...lineAndColumn(text, child.offset), path: name, message: `"${name}" stands here twice.` }]
      : []
    return [...own, ...repeated(text, child)]
  })
}
