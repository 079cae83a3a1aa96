"""The register of processing activities, as the Logboek Dataverwerkingen looks it up. Source: AVG art. 30."""

from __future__ import annotations

import re
from typing import Any

from hub.api.register import PAD, exported
from tests.api.hub_world import NOBODY, HubWorld

#: The terms of the published shape (Processing Activities Register API v0.1, after DPV 2.1).
SUBJECTS = {
    "Adult",
    "Applicant",
    "Citizen",
    "Consumer",
    "Customer",
    "DataSubject",
    "Employee",
    "GuardianOfHuman",
    "Immigrant",
    "JobApplicant",
    "Member",
    "NonCitizen",
    "ParentOfHuman",
    "Participant",
    "Patient",
    "Student",
    "Subscriber",
    "Tourist",
    "User",
    "Visitor",
    "VulnerableHuman",
}
BASES = {
    "Consent",
    "Contract",
    "DataTransferLegalBasis",
    "LegalObligation",
    "LegitimateInterest",
    "OfficialAuthorityOfController",
    "PublicInterest",
    "VitalInterest",
}
OPERATIONS = {
    "Copy",
    "Disclose",
    "Obtain",
    "Organise",
    "Remove",
    "Store",
    "Transfer",
    "Transform",
    "Use",
}
ROLES = {
    "DataController",
    "DataExporter",
    "DataImporter",
    "DataProcessor",
    "DataProtectionOfficer",
    "JointDataControllers",
    "ServiceConsumer",
    "ServiceProvider",
    "ThirdParty",
}


def fetched(hub_app: HubWorld, path: str) -> Any:
    answer = hub_app.http.get(PAD + path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_every_activity_and_version_is_found_by_its_address(hub_app: HubWorld) -> None:
    listed = fetched(hub_app, "/processing_activities")
    assert len(listed) >= 8
    for one in listed:
        assert fetched(hub_app, f"/processing_activities/{one['id']}") == one
        version = fetched(hub_app, f"/processing_activities/{one['id']}/versions/{one['latestVersion']}")
        assert set(version["dataSubjects"]) <= SUBJECTS
        assert set(version["legalBasis"]) <= BASES
        assert set(version["processingOptions"]) <= OPERATIONS
        assert version["recipients"]["legalRole"] in ROLES
        assert {measure["measureType"] for measure in version["measures"]} == {"Technical", "Organisational"}
        assert re.fullmatch(r"P\d+Y", version["personalData"].get("retentionPeriod", "P5Y"))
        assert version["validFrom"].endswith("Z")
        assert fetched(hub_app, f"/entities/{version['recipients']['entityId']}")["type"] == "Organisation"


def test_every_permitting_rule_points_to_a_version_that_exists(hub_app: HubWorld) -> None:
    beleid = hub_app.services.beleid
    known = {f"{one.id}@{one.versie}" for one in beleid.register}
    assert {beleid.verwerkingen[rule.id] for rule in beleid.regels if rule.toestaan} <= known


def test_the_export_holds_what_is_served(hub_app: HubWorld) -> None:
    whole = exported(hub_app.services.beleid.register)
    for one in whole["processingActivities"]:
        for version in one["versions"]:
            path = f"/processing_activities/{one['id']}/versions/{version['version']}"
            assert fetched(hub_app, path) == version
    for entity in whole["entities"]:
        assert fetched(hub_app, f"/entities/{entity['id']}") == entity


def test_what_is_not_in_the_register_is_not_found(hub_app: HubWorld) -> None:
    known = fetched(hub_app, "/processing_activities")[0]["id"]
    for path in (
        f"/processing_activities/{NOBODY}",
        f"/processing_activities/{known}/versions/99",
        f"/entities/{NOBODY}",
    ):
        assert hub_app.http.get(PAD + path).status_code == 404
