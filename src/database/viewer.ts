export type Role = 'ADMIN' | 'MANAGER' | 'MEMBER';
export type DataScope = 'OWN' | 'TEAM' | 'TEAM_TREE' | 'ORGANIZATION';
export type Grant = 'READ' | 'WRITE' | 'ADMIN';

/** Who asks. Made anew for every request and every subscription event, so that rights are never stale. */
export type Viewer = MemberViewer | DisplayViewer;

export interface MemberViewer {
  readonly kind: 'member';
  readonly organizationId: string;
  readonly memberId: string;
  readonly role: Role;
  readonly dataScope: DataScope;
  /** Whose records the data scope covers, the viewer's own included. */
  readonly visibleMembers: 'ALL' | ReadonlySet<string>;
  /** What the token may be used for; a session has all three. */
  readonly grants: ReadonlySet<Grant>;
  readonly tokenId: string;
  /** When the token ends by itself, by the database's clock; null: not. */
  readonly expiresAt?: Date | null;
  /** The scope of idempotency keys. */
  readonly callerKey: string;
}

/** A screen on a wall: no member, no data scope; it may watch the boards that its token names and nothing else. */
export interface DisplayViewer {
  readonly kind: 'display';
  readonly organizationId: string;
  readonly leaderboardIds: ReadonlySet<string>;
  readonly tokenId: string;
  /** When the token ends by itself, by the database's clock; null: not. */
  readonly expiresAt?: Date | null;
  readonly callerKey: string;
}

/** Whether the data scope covers records of this member. */
export function covers(viewer: MemberViewer, memberId: string | null): boolean {
  return (
    viewer.visibleMembers === 'ALL' || (memberId !== null && viewer.visibleMembers.has(memberId))
  );
}

/** The administrator of an organization acting by command line or import: sees and may do everything there. */
export function systemViewer(
  organizationId: string,
  memberId: string,
  purpose: string,
): MemberViewer {
  return {
    kind: 'member',
    organizationId,
    memberId,
    role: 'ADMIN',
    dataScope: 'ORGANIZATION',
    visibleMembers: 'ALL',
    grants: new Set<Grant>(['READ', 'WRITE', 'ADMIN']),
    tokenId: purpose,
    callerKey: purpose,
  };
}
