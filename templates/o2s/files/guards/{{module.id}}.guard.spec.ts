import { ExecutionContext, NotImplementedException, UnauthorizedException } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { LoggerService } from '@o2s/utils.logger';

import { Auth } from '@o2s/framework/modules';

import { PermissionsGuard, RolesGuard } from './auth.guard';
import { AuthService } from './auth.service';

class Controller {
    open() {}

    @Auth.Decorators.Roles({ roles: ['admin', 'user'] })
    anyRole() {}

    @Auth.Decorators.Roles({ roles: ['admin', 'user'], mode: 'all' })
    allRoles() {}

    @Auth.Decorators.Permissions({ resource: 'invoices', actions: ['view', 'pay'] })
    allActions() {}

    @Auth.Decorators.Permissions({ resource: 'invoices', actions: ['view', 'pay'], mode: 'any' })
    anyAction() {}
}

describe('auth guards', () => {
    const reflector = new Reflector();
    const logger = { debug: vi.fn() } as unknown as LoggerService;
    let authService: AuthService;
    let headers: Record<string, string>;

    const context = (handler: keyof Controller): ExecutionContext => {
        const request = { headers };

        return {
            getClass: () => Controller,
            getHandler: () => Controller.prototype[handler],
            switchToHttp: () => ({ getRequest: () => request }),
        } as unknown as ExecutionContext;
    };
    const grant = (roles: string[], actions: string[]) => {
        vi.spyOn(authService, 'verifyToken').mockResolvedValue({ jti: '1' });
        vi.spyOn(authService, 'isTokenRevoked').mockResolvedValue(false);
        vi.spyOn(authService, 'getRoles').mockReturnValue(roles);
        vi.spyOn(authService, 'getPermissions').mockReturnValue({ invoices: { resource: 'invoices', actions } });
    };

    beforeEach(() => {
        authService = new AuthService();
        headers = { authorization: 'Bearer token' };
    });

    describe.each([
        { Guard: RolesGuard, guarded: 'anyRole' },
        { Guard: PermissionsGuard, guarded: 'allActions' },
    ] as const)('$Guard.name', ({ Guard, guarded }) => {
        const canActivate = (handler: keyof Controller) =>
            new Guard(reflector, logger, authService).canActivate(context(handler));

        it('lets a handler without metadata pass, without looking at the token', async () => {
            headers = {};

            expect(await canActivate('open')).toBe(true);
        });

        it('refuses a request without a token', async () => {
            headers = {};

            await expect(canActivate(guarded)).rejects.toThrow(UnauthorizedException);
        });

        it('refuses a token that cannot be verified', async () => {
            vi.spyOn(authService, 'verifyToken').mockRejectedValue(new Error('expired'));

            await expect(canActivate(guarded)).rejects.toThrow(UnauthorizedException);
        });

        it('refuses a revoked token', async () => {
            grant(['admin', 'user'], ['view', 'pay']);
            vi.spyOn(authService, 'isTokenRevoked').mockResolvedValue(true);

            await expect(canActivate(guarded)).rejects.toThrow(UnauthorizedException);
        });

        it('says so while the verification of tokens is not implemented', async () => {
            vi.spyOn(authService, 'verifyToken').mockRejectedValue(new NotImplementedException());

            await expect(canActivate(guarded)).rejects.toThrow(NotImplementedException);
        });
    });

    it.each([
        { handler: 'anyRole', roles: ['user'], expected: true },
        { handler: 'anyRole', roles: ['guest'], expected: false },
        { handler: 'allRoles', roles: ['user'], expected: false },
        { handler: 'allRoles', roles: ['user', 'admin'], expected: true },
    ] as const)('RolesGuard: $handler with $roles is $expected', async ({ handler, roles, expected }) => {
        grant([...roles], []);

        expect(await new RolesGuard(reflector, logger, authService).canActivate(context(handler))).toBe(expected);
    });

    it.each([
        { handler: 'allActions', actions: ['view'], expected: false },
        { handler: 'allActions', actions: ['view', 'pay'], expected: true },
        { handler: 'anyAction', actions: ['view'], expected: true },
        { handler: 'anyAction', actions: ['delete'], expected: false },
    ] as const)('PermissionsGuard: $handler with $actions is $expected', async ({ handler, actions, expected }) => {
        grant([], [...actions]);

        expect(await new PermissionsGuard(reflector, logger, authService).canActivate(context(handler))).toBe(expected);
    });
});
