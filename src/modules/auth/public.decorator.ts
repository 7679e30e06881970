import { applyDecorators, type CustomDecorator, SetMetadata } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';

export const IS_PUBLIC = 'auth:public';
export const ACCEPTS_QUERY_TOKEN = 'auth:query-token';

/** Opens a route to everyone: without it the guard asks for a signed-in user. */
export function Public(): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(IS_PUBLIC, true), ApiSecurity({}));
}

/** Lets a route take its access token from `?token=`: for EventSource, which cannot send headers. */
export function AcceptsQueryToken(): CustomDecorator {
  return SetMetadata(ACCEPTS_QUERY_TOKEN, true);
}
