import { applyDecorators, type CustomDecorator, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiSecurity } from '@nestjs/swagger';
import type { ApiScope } from './api-keys/api-scope.js';
import type { Realm } from './authenticated-user.js';

const IS_PUBLIC = 'auth:public';
const ACCEPTS_QUERY_TOKEN = 'auth:query-token';
const SCOPE = 'auth:scope';
const REALMS = 'auth:realms';
const IS_UNLIMITED = 'auth:unlimited';

/** `session`: nothing that an API key may be used for. */
export type NeededScope = ApiScope | 'session';

/** Who may call a route. */
export interface RoutePolicy {
  readonly isPublic: boolean;
  /** Not even counted: probes. */
  readonly isUnlimited: boolean;
  readonly acceptsQueryToken: boolean;
  readonly realms: readonly Realm[];
  /** Undefined: nobody has said. API keys are refused then. */
  readonly scope: NeededScope | undefined;
}

/** Opens a route to everyone: without it the guard asks for a signed-in user. */
export function Public(): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(IS_PUBLIC, true), ApiSecurity({}));
}

/** For what balancers and scrapers ask all the time, all from one address. */
export function Unlimited(): CustomDecorator {
  return SetMetadata(IS_UNLIMITED, true);
}

/** Lets a route take its access token from `?token=`: for EventSource, which cannot send headers. */
export function AcceptsQueryToken(): CustomDecorator {
  return SetMetadata(ACCEPTS_QUERY_TOKEN, true);
}

/** What an API key needs for a route, or for all routes of a controller that do not say themselves. */
export function NeedsScope(scope: NeededScope): CustomDecorator {
  return SetMetadata(SCOPE, scope);
}

/** For a controller of things: to GET one needs `read`, for all else `write`. */
export function ScopedByMethod(): CustomDecorator {
  return SetMetadata(SCOPE, BY_METHOD);
}

/** Whose tokens a route takes. Default: those of users. */
export function ForRealms(...realms: readonly Realm[]): CustomDecorator {
  return SetMetadata(REALMS, realms);
}

const BY_METHOD = 'by-method';
const USERS: readonly Realm[] = ['user'];
const HTTP_GET = 0;

/** The policies that the decorators of routes state; each is put together once. */
@Injectable()
export class RoutePolicies {
  private readonly known = new WeakMap<object, RoutePolicy>();

  constructor(private readonly reflector: Reflector) {}

  of(context: Pick<ExecutionContext, 'getHandler' | 'getClass'>): RoutePolicy {
    const handler = context.getHandler();
    let policy = this.known.get(handler);
    if (!policy) this.known.set(handler, (policy = this.read(context)));
    return policy;
  }

  private read(context: Pick<ExecutionContext, 'getHandler' | 'getClass'>): RoutePolicy {
    const places = [context.getHandler(), context.getClass()];
    const find = <T>(key: string) => this.reflector.getAllAndOverride<T | undefined>(key, places);
    const scope = find<NeededScope | typeof BY_METHOD>(SCOPE);
    const isGet = this.reflector.get<number | undefined>('method', context.getHandler()) === HTTP_GET;
    return {
      isPublic: find<boolean>(IS_PUBLIC) ?? false,
      isUnlimited: find<boolean>(IS_UNLIMITED) ?? false,
      acceptsQueryToken: find<boolean>(ACCEPTS_QUERY_TOKEN) ?? false,
      realms: find<readonly Realm[]>(REALMS) ?? USERS,
      scope: scope === BY_METHOD ? (isGet ? 'read' : 'write') : scope,
    };
  }
}
