"""Decisions in words: what the record says of a track, and nothing it does not say."""

from datetime import datetime, timedelta
from typing import Any

Event = dict[str, Any]

WARNING = {
    "alert": "{zone} was alerted because of it: the probability of an impact there was "
    "{probability}, at or above the threshold of {threshold}.",
    "no alert: open ground": "No alert: its predicted impact reached no zone.",
    "no alert: below threshold": "No alert: the probability of an impact in {zone} was "
    "{probability}, below the threshold of {threshold}.",
    "no alert: unconfirmed": "No alert yet: the probability of an impact in {zone}, {probability}, "
    "had not stayed at or above the threshold of {threshold} for long enough.",
    "no alert: no landing predicted": "No alert: no landing could be predicted for it.",
    "no alert: destroyed": "No alert any more: it was observed as destroyed and is not reported "
    "any longer.",
    "no alert: too late": "No alert: the impact in {zone} (probability {probability}) comes before "
    "an alert would be heard.",
}
"""What the warner's verdicts mean."""

ENGAGEMENT = {
    "engage": "Engaged{by}: the probability of an impact in {zone} was {probability}, at or above "
    "the threshold of {threshold}.",
    "hold: open ground": "Not engaged: the probability of an impact in a populated zone was "
    "{probability}, below the threshold of {threshold}.",
    "hold: track young": "Not engaged yet: the track was too young.",
    "hold: track coasting": "Not engaged: the track was coasting, without fresh plots.",
    "hold: awaiting decision": "Not engaged yet: the time to decide was still running.",
    "hold: no envelope": "Not engaged: its path does not pass through the reach of any battery.",
    "hold: not yet in reach": "Not engaged yet: it was not yet in reach of a battery.",
    "hold: out of time": "Not engaged: no interceptor could be there in time.",
    "hold: magazine empty": "Not engaged: no battery in reach had an interceptor left.",
    "hold: track imprecise": "Not engaged: its position was not known well enough for a shot.",
    "hold: awaiting assessment": "No further shot yet: the outcome of the one before was awaited.",
    "hold: shots spent": "No further shot: as many as the doctrine allows had been fired at it.",
    "hold: debris-like": "Not engaged: it was taken for debris of something already hit.",
    "hold: launchers needed elsewhere": "Not engaged: the launchers were needed for other tracks.",
    "done: assessed hit": "No further shot: it was observed to be hit.",
}
"""What the planner's verdicts mean."""

WORDS = {"warning": WARNING, "engagement": ENGAGEMENT}


def decision_words(decision: Event, epoch: datetime) -> str:
    """One decision event as a sentence, with its time.

    A verdict of another component, which this version has no words for, is told as it stands.
    """
    verdict = decision["verdict"]
    pattern = WORDS[decision["stage"]].get(verdict)
    at = moment(epoch, decision["time_s"])
    if pattern is None:
        return f"{at}: {decision['stage']}: {verdict}."
    said = pattern.format(
        zone=decision["name"] or "no zone",
        probability=percent(decision["probability"]),
        threshold=percent(decision["threshold"]),
        by=f" by battery {decision['battery']}" if decision["battery"] else "",
    )
    return f"{at}: {said}"


def percent(value: float | None) -> str:
    """A probability for reading."""
    if value is None:
        return "not recorded"
    return f"{100 * value:.1f} %" if value < 0.1 else f"{100 * value:.0f} %"


def moment(epoch: datetime, time_s: float) -> str:
    """A time of the run in UTC; the day only where the run has several."""
    at = epoch + timedelta(seconds=time_s)
    days = (at.date() - epoch.date()).days
    return f"{at:%H:%M:%S}" if days == 0 else f"{at:%d %b %H:%M:%S}"
