"""Whether somebody may still wear her hats: asked of her organisation again and again while she works.

A hat that her organisation withdrew is gone within CONFIRM: later than that after the last answer no page is shown
and nothing is done before the provider has said again who she is and what she may wear. Where it cannot say, nothing
is shown. Source: BIO2 5.18; OpenID Connect Core 1.0, 12.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from starlette.concurrency import run_in_threadpool

from hub.console.entrance.sessions import Sessie, Sessions
from hub.console.entrance.signin import SignIn, SignInFailed

CONFIRM = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Renewal:
    """Asks once for all requests of one session that come together: a refresh token counts once."""

    turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def current(
        self, sessions: Sessions, sign_in: SignIn, name: str, nu: datetime, *, stays: bool
    ) -> Sessie | None:
        """The session of this name as its holder's organisation confirmed it lately; None where it has ended.

        Raises ProviderAway.
        """
        found = await run_in_threadpool(sessions.find, name, nu, stays=stays) if name else None
        if found is None or nu - found.bevestigd < CONFIRM:
            return found
        turn = self.turns.setdefault(name, asyncio.Lock())
        async with turn:
            found = await run_in_threadpool(sessions.find, name, nu, stays=False)
            if found is None or nu - found.bevestigd < CONFIRM:
                return found
            return await _asked(sessions, sign_in, name, found, nu)


async def _asked(sessions: Sessions, sign_in: SignIn, name: str, known: Sessie, nu: datetime) -> Sessie | None:
    try:
        persoon = await sign_in.confirmed(known.sub, known.hernieuwing)
    except SignInFailed:
        again = await run_in_threadpool(sessions.find, name, nu, stays=False)
        if again is not None and again.bevestigd > known.bevestigd:
            return again  # another hub of ours asked at the same moment, and spent the token
        await run_in_threadpool(sessions.end, name, nu)
        return None
    return await run_in_threadpool(
        lambda: sessions.change(
            name,
            known,
            nu,
            naam=persoon.naam or known.naam,
            zetels=persoon.zetels,
            zetel=known.zetel if known.zetel in persoon.zetels else "",
            hernieuwing=persoon.hernieuwing or known.hernieuwing,
            bevestigd=nu,
        )
    )
