# Pages below /bridge.
