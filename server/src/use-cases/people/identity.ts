import type { ChangeMember, ResetPassword } from '@slate/shared/contract/people';
import type { ChangePassword, Login, Register } from '@slate/shared/contract/identity';
import { changeMember } from './change-member.ts';
import { changePassword } from '../../identity/change-password.ts';
import type { ChangePasswordDeps } from '../../identity/change-password.ts';
import type { CommandDeps, CommandRequest } from '../../commands/context.ts';
import { login } from '../../identity/login.ts';
import { logout } from '../../identity/logout.ts';
import { refreshSession } from '../../identity/refresh-session.ts';
import type { RefreshDeps } from '../../identity/refresh-session.ts';
import { register } from '../../identity/register.ts';
import { resetPassword } from './reset-password.ts';
import type { TemporaryPasswordDeps } from './temporary-password.ts';

/** What needs passwords or tokens: all but the last two without being signed in. */
export const createIdentity = (
  deps: ChangePasswordDeps & RefreshDeps & CommandDeps & TemporaryPasswordDeps,
) => ({
  register: (asked: Register, address: string) => register(deps, asked, address),
  login: (asked: Login, address: string) => login(deps, asked, address),
  changePassword: (asked: ChangePassword, address: string) => changePassword(deps, asked, address),
  refresh: (refreshToken: string) => refreshSession(deps, refreshToken),
  logout: (refreshToken: string) => logout(deps, refreshToken),
  changeMember: (request: CommandRequest, userId: string, asked: ChangeMember) =>
    changeMember(deps, request, userId, asked),
  resetPassword: (request: CommandRequest, userId: string, asked: ResetPassword) =>
    resetPassword(deps, request, userId, asked),
});

export type Identity = ReturnType<typeof createIdentity>;
