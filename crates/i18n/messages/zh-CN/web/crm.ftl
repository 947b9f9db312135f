# Pages below /crm.
