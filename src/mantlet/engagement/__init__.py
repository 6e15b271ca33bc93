"""Simulated interception.

Decision side, which sees tracks and kill observations only: batteries, doctrine, planner,
expected interceptor positions. Truth side, which only the simulation calls: resolver, kill
assessment, debris, outcomes. Beside both: cost and the ledger of a campaign.
"""
