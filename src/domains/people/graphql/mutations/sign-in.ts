import { actAs, memberOf } from '../../../../api/context.ts';
import { mutationField } from '../../../../api/mutation.ts';
import { SignInLocked, SignInRefused, WeakPassword, WrongPassword } from '../../errors.ts';
import { changePassword, resetPassword } from '../../passwords.ts';
import { signIn } from '../../sign-in.ts';
import '../errors.ts';
import { Member } from '../types.ts';
import { Viewer } from '../viewer.ts';

mutationField('signIn', {
  description:
    'Begins a session. After repeated failures the name is locked, for longer with each further one.',
  auth: 'public',
  errors: [SignInRefused, SignInLocked],
  input: (t) => ({
    organization: t.string({
      required: true,
      description: "The organization's key; capitals do not matter.",
    }),
    employeeNumber: t.string({ required: true, description: 'The employee number.' }),
    password: t.string({ required: true, description: 'The password.' }),
    device: t.string({
      description:
        'What the session is called in the list of tokens, such as the browser; at most 200 characters.',
    }),
  }),
  resolve: async ({ organization, ...input }, ctx) => {
    const { sessionHours } = ctx.config;
    const session = await signIn(ctx.db, { ...input, organizationKey: organization, sessionHours });
    actAs(ctx, session.viewer);
    return session;
  },
  payload: (t) => ({
    token: t.exposeString('secret', {
      nullable: true,
      description:
        'What to send as "Authorization: Bearer ...". Shown this once: null when the idempotency key was used before.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the session ends by itself; null where the token is.',
    }),
    mustChangePassword: t.exposeBoolean('mustChangePassword', {
      description:
        'The password was given by somebody else: nothing but `changePassword` and `signOut` works before it is changed.',
    }),
    viewer: t.field({
      type: Viewer,
      description: 'Who has signed in.',
      resolve: ({ viewer }) => viewer,
    }),
  }),
});

mutationField('changePassword', {
  description: 'Changes the own password and ends the other sessions. API tokens stay.',
  auth: 'signedIn',
  errors: [WrongPassword, WeakPassword, SignInLocked],
  input: (t) => ({
    oldPassword: t.string({ required: true, description: 'The present password.' }),
    newPassword: t.string({
      required: true,
      description: 'The new one: 10 to 200 characters, not made of the employee number.',
    }),
  }),
  resolve: (input, ctx) => changePassword(ctx.db, memberOf(ctx), input),
  payload: (t) => ({
    changed: t.boolean({ description: 'Always true.', resolve: () => true }),
  }),
});

mutationField('resetPassword', {
  description:
    'Gives a member a random password, which has to be changed after the next sign-in; ends the sessions and API tokens of the member and unlocks the name. For administrators, and for managers on plain members who see no more than they do; by a session or a token with the grant ADMIN.',
  auth: 'manager',
  input: (t) => ({
    id: t.recordId({ for: 'Member', required: true, description: 'The member.' }),
  }),
  resolve: (input, ctx) => resetPassword(ctx.db, memberOf(ctx), input),
  payload: (t) => ({
    member: t.field({
      type: Member,
      nullable: true,
      description: 'The member.',
      resolve: ({ id }, _args, ctx) => ctx.load('Member', id),
    }),
    password: t.exposeString('password', {
      nullable: true,
      description: 'Shown this once: null when the idempotency key was used before.',
    }),
  }),
});
