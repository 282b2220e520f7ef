import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type PothosOutputFieldConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core'
import type { GraphQLFieldResolver } from 'graphql'
import { requirePermission } from '../connect/authorization.ts'
import type { Permission } from '../domain/permissions.ts'
import type { GraphQLContext } from './context.ts'

/**
 * Adds the field option `permission`, which every root field must declare: a field without one does not compile. `null`
 * means any authenticated caller. The permission is checked before the resolver runs, and published as a field extension.
 */
export class PermissionPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>): PothosOutputFieldConfig<Types> {
    const permission = permissionOf(field)
    return permission === undefined ? field : { ...field, extensions: { ...field.extensions, permission } }
  }

  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    // A subscription is checked once, when it starts.
    return field.parentType === 'Subscription' ? resolver : checked(resolver, permissionOf(field))
  }

  override wrapSubscribe(
    subscriber: GraphQLFieldResolver<unknown, Types['Context'], object> | undefined,
    field: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> | undefined {
    return subscriber && checked(subscriber, permissionOf(field))
  }
}

function checked<Context>(
  resolver: GraphQLFieldResolver<unknown, Context, object>,
  permission: Permission | null | undefined,
): GraphQLFieldResolver<unknown, Context, object> {
  if (permission == null) return resolver
  return (parent, args, context, info) => {
    // Plugins are generic in the context type; this schema has one.
    requirePermission((context as GraphQLContext).viewer, permission)
    return resolver(parent, args, context, info)
  }
}

const permissionOf = (field: { readonly pothosOptions: object }): Permission | null | undefined =>
  (field.pothosOptions as { readonly permission?: Permission | null }).permission

interface DeclaredPermission {
  /** What the caller needs; `null`: nothing but being authenticated. */
  readonly permission: Permission | null
}

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      permissions: PermissionPlugin<Types>
    }
    export interface QueryFieldOptions<
      Types extends SchemaTypes,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveReturnShape,
    > extends DeclaredPermission {}
    export interface MutationFieldOptions<
      Types extends SchemaTypes,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveReturnShape,
    > extends DeclaredPermission {}
    export interface SubscriptionFieldOptions<
      Types extends SchemaTypes,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveShape,
      ResolveReturnShape,
    > extends DeclaredPermission {}
    export interface ObjectFieldOptions<
      Types extends SchemaTypes,
      ParentShape,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveReturnShape,
    > extends Partial<DeclaredPermission> {}
  }
}

SchemaBuilder.registerPlugin('permissions', PermissionPlugin)
