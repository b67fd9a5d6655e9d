import { type DocumentNode, type FieldNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql'

/** Points a document asks for: an object costs 1, a list as many as it may hold, and what lies inside is multiplied. Mutations begin at 10. */
export function requestedCost(document: DocumentNode, variables: Record<string, unknown>): number {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const part of document.definitions)
    if (part.kind === Kind.FRAGMENT_DEFINITION) fragments.set(part.name.value, part)

  const number = (field: FieldNode, name: string): number | undefined => {
    const value = field.arguments?.find((each) => each.name.value === name)?.value
    if (value?.kind === Kind.INT) return Number(value.value)
    const given = value?.kind === Kind.VARIABLE ? variables[value.name.value] : undefined
    return Array.isArray(given) ? given.length : typeof given === 'number' ? given : undefined
  }
  const of = (set: SelectionSetNode): number =>
    set.selections.reduce((sum, each) => {
      if (each.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(each.name.value)
        return sum + (fragment ? of(fragment.selectionSet) : 0)
      }
      if (each.kind === Kind.INLINE_FRAGMENT) return sum + of(each.selectionSet)
      return sum + (each.selectionSet ? ofField(each, each.selectionSet) : 0)
    }, 0)
  const ofField = (field: FieldNode, set: SelectionSetNode): number => {
    if (field.name.value === 'nodes' && field.arguments?.length === 0) return of(set)
    if (field.name.value === 'pageInfo') return 0
    return 1 + (number(field, 'first') ?? number(field, 'ids') ?? 1) * Math.max(1, of(set))
  }
  return document.definitions.reduce((sum, part) => {
    if (part.kind !== Kind.OPERATION_DEFINITION) return sum
    return sum + (part.operation === 'mutation' ? 10 : 0) + of(part.selectionSet)
  }, 0)
}
