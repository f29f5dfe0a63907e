import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type PothosOutputFieldConfig,
  PothosSchemaError,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core';
import type { Viewer } from '../database/viewer.ts';

const pluginName = 'identityClass';

/**
 * What the answer of a field depends on, beside its parent, its arguments, the organization and whether a member or a
 * display asks. `organization`: nothing else. `rights`: role, data scope and the grants of the token. `team`: which
 * members' records the data scope covers. `member`: who asks; so does anything reached by watching, sharing or being
 * mentioned. This is a security boundary: viewers of one class are given the same answer.
 */
export const DEPENDENCIES = ['organization', 'rights', 'team', 'member'] as const;

export type Dependency = (typeof DEPENDENCIES)[number];

/** A dependency that holds only under a condition that the subscription field tells of; else `organization`. */
export interface ConditionalDependency {
  on: Dependency;
  /** Name of the condition. Where the subscription does not tell of it, it holds. */
  when: string;
}

export type DependsOn = Dependency | ConditionalDependency;

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      identityClass: IdentityClassPlugin<Types>;
    }

    export interface BaseTypeOptions<Types extends SchemaTypes = SchemaTypes> {
      /**
       * What the type's own fields depend on, by their names. A field that is not listed, here or by its own
       * `dependsOn`, depends on the member: so does whatever another room adds to the type.
       */
      fieldsDependOn?: Partial<Record<Dependency, readonly string[]>>;
    }

    export interface FieldOptions<
      Types extends SchemaTypes = SchemaTypes,
      ParentShape = unknown,
      Type extends TypeParam<Types> = TypeParam<Types>,
      Nullable extends FieldNullability<Type> = FieldNullability<Type>,
      Args extends InputFieldMap = InputFieldMap,
      ResolveShape = unknown,
      ResolveReturnShape = unknown,
    > {
      /** What the answer depends on, see `Dependency`; by default on the member. */
      dependsOn?: DependsOn;
    }
  }
}

/** Keeps what a field depends on in its extensions, for `operation-class.ts`. */
export class IdentityClassPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(fieldConfig: PothosOutputFieldConfig<Types>) {
    const parent = this.buildCache.getTypeConfig(fieldConfig.parentType);
    const { dependsOn } = fieldConfig.pothosOptions as { dependsOn?: DependsOn };
    const { fieldsDependOn } = parent.pothosOptions as {
      fieldsDependOn?: Partial<Record<Dependency, readonly string[]>>;
    };
    const listed = DEPENDENCIES.filter((dependency) =>
      fieldsDependOn?.[dependency]?.includes(fieldConfig.name),
    );
    if (listed.length > 1 || (listed.length > 0 && dependsOn !== undefined)) {
      throw new PothosSchemaError(
        `${parent.name}.${fieldConfig.name} is said to depend on more than one thing: say it once.`,
      );
    }
    const known = dependsOn ?? listed[0];
    if (known === undefined) return fieldConfig;
    return { ...fieldConfig, extensions: { ...fieldConfig.extensions, dependsOn: known } };
  }
}

SchemaBuilder.registerPlugin(pluginName, IdentityClassPlugin);

/** What the extensions of a field say; the member for whatever says nothing. */
export const dependencyOf = (extensions: Readonly<Record<string, unknown>>): DependsOn =>
  (extensions.dependsOn as DependsOn | undefined) ?? 'member';

/** The values of everything that a class of answers depends on, as a part of a key. */
export function identityClass(viewer: Viewer, dependencies: ReadonlySet<Dependency>): string {
  const { kind, organizationId } = viewer;
  const values: unknown[] = [organizationId, kind];
  if (dependencies.has('member')) values.push(viewer.tokenId, viewer.callerKey);
  if (viewer.kind === 'display') return JSON.stringify(values);
  const isMember = dependencies.has('member');
  if (isMember) values.push(viewer.memberId);
  if (isMember || dependencies.has('rights')) {
    values.push(viewer.role, viewer.dataScope, [...viewer.grants].sort());
  }
  if (isMember || dependencies.has('team')) {
    values.push(viewer.visibleMembers === 'ALL' ? 'ALL' : [...viewer.visibleMembers].sort());
  }
  return JSON.stringify([[...dependencies].sort(), values]);
}

/** Thrown when an answer for a class of viewers reads what they do not share: a field that declares too little. */
export class BeyondClass extends Error {
  override name = 'BeyondClass';
}

const READABLE: Record<Dependency, readonly string[]> = {
  organization: ['kind', 'organizationId'],
  rights: ['role', 'dataScope', 'grants'],
  team: ['visibleMembers'],
  member: [],
};

/**
 * A viewer who stands for a class: reading anything else of it throws BeyondClass, so that a wrong declaration fails
 * and gives nothing away.
 */
export function classViewer(viewer: Viewer, dependencies: ReadonlySet<Dependency>): Viewer {
  if (dependencies.has('member')) return viewer;
  const readable = new Set(
    DEPENDENCIES.flatMap((dependency) =>
      dependency === 'organization' || dependencies.has(dependency) ? READABLE[dependency] : [],
    ),
  );
  return new Proxy(viewer, {
    get(target, property) {
      if (typeof property === 'symbol') return undefined;
      if (readable.has(property)) return Reflect.get(target, property);
      throw new BeyondClass(`viewer.${property} was read for a group that does not share it`);
    },
    has: (_target, property) => typeof property === 'string' && readable.has(property),
    ownKeys() {
      throw new BeyondClass('a viewer was copied for a group');
    },
  });
}
