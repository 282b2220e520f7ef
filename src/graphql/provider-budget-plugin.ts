import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core'
import { GraphQLError, type GraphQLFieldResolver } from 'graphql'
import type { GraphQLContext } from './context.ts'
import { providerCallsOf } from './cost.ts'

/** Fields that may send a request to a provider, per minute and end user: a trial account has 500 requests an hour. */
const callsPerMinute = 60

/** Counts the fields of end-user sessions that reach a provider; over the budget, they fail with RATE_LIMITED. */
export class ProviderBudgetPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    const calls = providerCallsOf((field.pothosOptions as { readonly complexity?: unknown }).complexity)
    if (calls === null) return resolver
    return (parent, args, context, info) => {
      // Plugins are generic in the context type; this schema has one.
      spend(context as GraphQLContext, calls(args))
      return resolver(parent, args, context, info)
    }
  }
}

function spend({ viewer, connect }: GraphQLContext, calls: number): void {
  if (viewer.endUser === null) return
  const key = `provider calls ${viewer.endUser.id}`
  const { isAllowed, resetSeconds } = connect.rateLimiter.consume(key, calls, callsPerMinute)
  if (isAllowed) return
  throw new GraphQLError(`Too many calls that reach a provider. Try again in ${resetSeconds} s.`, {
    extensions: { code: 'RATE_LIMITED', retryAfterSeconds: resetSeconds },
  })
}

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      providerBudget: ProviderBudgetPlugin<Types>
    }
  }
}

SchemaBuilder.registerPlugin('providerBudget', ProviderBudgetPlugin)
